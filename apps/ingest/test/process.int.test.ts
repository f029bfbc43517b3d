import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, type SpawnedNode, spawnNode, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Client, createClient } from "./support/client.ts";
import { newPrefix, REDIS_URL } from "./support/ingest.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const ARGS = [MAIN];
const SECRETS = {
  API_KEYS: "sk-first-secret-key,sk-second-secret-key",
  BOARD_PASSWORD: "board-secret-password",
  WEBHOOK_URL: "https://hooks.example.com/services/T000/webhook-secret-path",
};
const WORDS = ["first-secret", "second-secret", "board-secret", "webhook-secret", "inline-secret"];

describe("the ingest process", () => {
  let running: SpawnedNode | undefined;
  let client: Client | undefined;
  afterEach(async () => {
    client?.close();
    await running?.stop();
    running = undefined;
  });

  const spawn = (env: Record<string, string>) => {
    const defaults = { REDIS_URL, QUEUE_PREFIX: newPrefix(), PORT: "0", LOG_LEVEL: "debug" };
    running = spawnNode({ args: ARGS, env: { ...defaults, ...env } });
    return running;
  };
  const start = async (env: Record<string, string> = {}) => {
    const ingest = spawn(env);
    const [line] = await ingest.waitForLine(/^.*ingest\.listening.*$/);
    const { port, host } = JSON.parse(line) as { port: number; host: string };
    client = createClient(`http://127.0.0.1:${port}`);
    const { send } = client;
    await waitUntil(async () => (await send("GET", "/readyz")).status === 200, { what: "ingest is ready" });
    return { ingest, send, host, port };
  };

  it("writes no secret, whatever is asked of it", async () => {
    const { ingest, send } = await start(SECRETS);
    const key = { authorization: "Bearer sk-second-secret-key" };
    const basic = { authorization: `Basic ${Buffer.from("admin:board-secret-password").toString("base64")}` };
    const pair = { username: "octocat", repository: "hello-world" };
    const inline = { kind: "webhook", url: "https://user.example.com/inline-secret" };
    const answers = [
      await send("POST", "/tasks", { body: pair, headers: key }),
      await send("POST", "/tasks", { body: { ...pair, targets: [inline] }, headers: key }),
      await send("POST", "/tasks", { body: { ...pair, targets: [{ ...inline, secret: 1 }] }, headers: key }),
      await send("POST", "/tasks/batch", { body: [{ ...pair, targets: ["inline-secret~"] }], headers: key }),
      await send("POST", "/tasks", { body: pair, headers: { authorization: "Bearer sk-first-secret-ke" } }),
      await send("GET", "/tasks", { headers: key }),
      await send("GET", "/targets", { headers: key }),
      await send("GET", "/metrics", { headers: key }),
      await send("GET", "/openapi.json"),
      await send("GET", "/board/api/queues?activeQueue=tasks&status=latest&page=1", { headers: basic }),
      await send("GET", "/%zz?sk-first-secret-key"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 400, 202, 401, 200, 200, 200, 200, 200, 404]);
    await ingest.stop();
    const output = ingest.stdout + ingest.stderr;
    expect(output).toContain("task.accepted");
    for (const word of WORDS) expect(output).not.toContain(word);
    for (const { text } of answers) for (const word of WORDS) expect(text).not.toContain(word);
  });

  it("writes one JSON object per line", async () => {
    const { ingest } = await start();
    await ingest.stop();
    const lines = ingest.stdout.trim().split("\n");
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const event of events) {
      expect(event).toMatchObject({ app: "ingest", event: expect.any(String), level: expect.any(String) });
      expect(event.timestamp).toMatch(/^\d{4}-\d\d-\d\dT/);
    }
    expect(events.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["ingest.open", "target.missing", "ingest.listening", "redis.ready", "shutdown.finished"]),
    );
    expect(ingest.stderr).toBe("");
  });

  it("does not start between sentinels and a Cluster, and says why", async () => {
    const ingest = spawn({ REDIS_SENTINELS: "127.0.0.1:1", REDIS_CLUSTER_NODES: "127.0.0.1:1" });
    expect(await ingest.exited).toEqual({ code: 1, signal: null });
    expect(ingest.stderr).toContain("REDIS_SENTINELS and REDIS_CLUSTER_NODES are both set");
  });

  it("names everything that is wrong with its settings at once, with what each is for, and no secret", async () => {
    const ingest = spawn({
      PORT: "70000",
      SCHEDULE_INTERVAL: "soon",
      RETRY_MAX_ATTEMPTS: "-1",
      RETRY_BACKOFF: "sometimes",
      QUEUE_PREFIX: "no-tag",
      REDIS_URL: "http://redis-secret",
      WEBHOOK_URL: "ftp://webhook-secret",
      BOARD_PASSWORD_FILE: "/nowhere/at/all",
    });
    expect(await ingest.exited).toEqual({ code: 1, signal: null });
    const lines = ingest.stderr.trim().split("\n");
    expect(lines[0]).toBe("The settings are wrong:");
    const expected = [
      ["PORT", "port of the HTTP API"],
      ["SCHEDULE_INTERVAL", "ms a task waits"],
      ["RETRY_MAX_ATTEMPTS", "retries after the first attempt"],
      ["RETRY_BACKOFF", "fixed, exponential"],
      ["QUEUE_PREFIX", "prefix of every Redis key"],
      ["REDIS_URL", "Redis, as redis://"],
      ["WEBHOOK_URL", "the default target"],
      ["BOARD_PASSWORD", "password of the queue page"],
    ];
    for (const [name = "", purpose = ""] of expected) {
      expect(lines.filter((line) => line.startsWith(`  - ${name}: `) && line.includes(purpose))).toHaveLength(1);
    }
    expect(lines).toHaveLength(expected.length + 1);
    expect(ingest.stderr + ingest.stdout).not.toMatch(/redis-secret|webhook-secret/);
  });

  it("knows the project file's targets without their secrets, and shows none of those it has", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hookline-project-"));
    const file = join(directory, "hookline.yaml");
    const project = `targets:
  team: { kind: slack, token: "\${NOT_SET_HERE}", channel: C1 }
  chat: { kind: discord, url: "https://discord.com/api/webhooks/1/webhook-secret" }
sources: { basecamp: { inboxes: { leto: { token: "\${INBOX_TOKEN}", deliver: [team, default] } } } }
`;
    await writeFile(file, project);
    const env = { HOOKLINE_CONFIG: file, INBOX_TOKEN: "inbox-secret", WEBHOOK_URL: "https://hooks.slack.com/x" };
    const { ingest, send } = await start(env);
    await rm(directory, { recursive: true });
    const { text } = await send("GET", "/targets");
    expect(JSON.parse(text)).toMatchObject({
      data: [
        { name: "default", kind: "slack" },
        { name: "team", kind: "slack" },
        { name: "chat", kind: "discord" },
      ],
    });
    const pair = { username: "octocat", repository: "hello-world" };
    expect((await send("POST", "/tasks", { body: { ...pair, targets: ["team", "chat"] } })).status).toBe(202);
    expect((await send("POST", "/tasks", { body: { ...pair, targets: ["other"] } })).text).toContain(
      "configured are: default, team, chat",
    );
    await send("GET", "/inbox-secret?https://discord.com/api/webhooks/1/webhook-secret");
    await ingest.stop();
    expect(ingest.stdout + ingest.stderr).not.toMatch(/inbox-secret|webhook-secret/);
  });

  it("does not start with a project file that is wrong, and tells it along with the settings", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hookline-project-"));
    const file = join(directory, "hookline.yaml");
    await writeFile(file, "targets:\n  default: { kind: webhok, url: 'https://webhook-secret.example' }\n");
    const ingest = spawn({ HOOKLINE_CONFIG: file, PORT: "70000", WEBHOOK_URL: "https://x.example/webhook-secret" });
    expect(await ingest.exited).toEqual({ code: 1, signal: null });
    await rm(directory, { recursive: true });
    expect(ingest.stderr.trim().split("\n")).toEqual([
      "The settings are wrong:",
      expect.stringContaining("PORT: "),
      "The project file is wrong:",
      `  - ${file}:2:3 targets.default: is the target of WEBHOOK_URL, which is set: name this one differently`,
      `  - ${file}:2:20 targets.default.kind: is no kind of target; did you mean "webhook"?`,
    ]);
  });

  it("reads a setting from the file that NAME_FILE names, less its line break", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hookline-settings-"));
    const file = join(directory, "keys");
    await writeFile(file, "key-in-a-file\n");
    const { send, host } = await start({ API_KEYS_FILE: file });
    await rm(directory, { recursive: true });
    expect((await send("GET", "/tasks")).status).toBe(401);
    expect((await send("GET", "/tasks", { headers: { authorization: "Bearer key-in-a-file" } })).status).toBe(200);
    expect(host).toBe("all");
  });

  it("listens on loopback only when everybody may ask, and says so", async () => {
    const { ingest, host } = await start();
    expect(host).toBe("127.0.0.1");
    expect(ingest.stdout).toContain("API_KEYS is empty");
  });

  it("listens where HOST says", async () => {
    expect((await start({ HOST: "0.0.0.0" })).host).toBe("0.0.0.0");
  });

  it("says why it cannot listen and ends with 1", async () => {
    const { port } = await start();
    const second = spawnNode({ args: ARGS, env: { REDIS_URL, PORT: String(port) } });
    expect((await second.exited).code).toBe(1);
    expect(second.stderr).toMatch(/^ingest could not start: .*EADDRINUSE/);
  });

  it("starts without Redis and ends at SIGTERM with 0, quickly", async () => {
    const ingest = spawn({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    const [line] = await ingest.waitForLine(/^.*ingest\.listening.*$/);
    client = createClient(`http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`);
    expect((await client.send("GET", "/healthz")).status).toBe(200);
    expect((await client.send("GET", "/readyz")).status).toBe(503);
    const before = performance.now();
    expect(await ingest.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - before).toBeLessThan(3000);
  });

  it.each([
    "SIGTERM",
    "SIGINT",
  ] as const)("ends at %s with 0 although clients keep their connections", async (signal) => {
    const { ingest, send } = await start();
    await send("GET", "/healthz");
    ingest.kill(signal);
    expect(await ingest.exited).toEqual({ code: 0, signal: null });
    await expect(send("GET", "/healthz")).rejects.toThrow();
  });
});
