import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, type SpawnedNode, spawnNode, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { openTestRedis, type TestRedis } from "./support/test-redis.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
let started: SpawnedNode[] = [];
let test: TestRedis | undefined;

afterEach(async () => {
  await Promise.all(started.map((worker) => worker.stop()));
  await test?.stop();
  started = [];
  test = undefined;
});

function run(env: Record<string, string>): SpawnedNode {
  const worker = spawnNode({ args: [MAIN], env: { WORKER_PORT: "0", ...env } });
  started.push(worker);
  return worker;
}

/** Runs `use` with the path of a project file of that text. */
async function withProject<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "hookline-project-"));
  try {
    await writeFile(join(directory, "hookline.yaml"), text);
    return await use(join(directory, "hookline.yaml"));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function runToEnd(env: Record<string, string>) {
  const worker = run(env);
  const { code } = await worker.exited;
  return { code, output: worker.stdout + worker.stderr };
}

describe("a worker does not start", () => {
  it("with a malformed WEBHOOK_SECRET, which it does not show", async () => {
    const { code, output } = await runToEnd({ WEBHOOK_SECRET: "whsec_a-hidden-secret" });
    expect(code).toBe(1);
    expect(output).toContain("WEBHOOK_SECRET: secret 1 must be base64 after whsec_");
    expect(output).not.toContain("hidden");
  });

  it("with a metadata address in WEBHOOK_URL, whose path it does not show", async () => {
    const { code, output } = await runToEnd({ WEBHOOK_URL: "http://169.254.169.254/latest/hidden" });
    expect(code).toBe(1);
    expect(output).toContain("WEBHOOK_URL: 169.254.169.254 is a link-local or metadata address");
    expect(output).not.toContain("hidden");
  });

  it("with several wrong settings, all of which it tells at once", async () => {
    const { code, output } = await runToEnd({ WORKER_CONCURRENCY: "many", CACHE_TTL: "soon", QUEUE_PREFIX: "x" });
    expect(code).toBe(1);
    expect(output.match(/^ {2}- \w+: .+ \(.+\)$/gm)).toHaveLength(3);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it("with a project file that is wrong, whose problems it tells along with the settings', and no secret", async () => {
    const text = `targets:
  team: { kind: slack, token: xoxb-hidden, channel: C1 }
  meta: { kind: teams, url: "http://169.254.169.254/hidden" }
  lost: { kind: discord, url: "\${NOT_SET}" }
extra: hidden
`;
    const { code, output } = await withProject(text, (path) => runToEnd({ HOOKLINE_CONFIG: path, CACHE_TTL: "soon" }));
    expect(code).toBe(1);
    const lines = output.trim().split("\n");
    expect(lines.map((line) => line.replace(/^( {2}- )\S*(hookline\.yaml)/, "$1$2"))).toEqual([
      "The settings are wrong:",
      expect.stringMatching(/^ {2}- CACHE_TTL: must be a whole number .*"soon" \(ms a snapshot is fresh\)$/),
      "The project file is wrong:",
      "  - hookline.yaml:2:31 targets.team.token: must be written as ${VARIABLE}, so that the secret is not in the file",
      "  - hookline.yaml:3:29 targets.meta.url: 169.254.169.254 is a link-local or metadata address",
      "  - hookline.yaml:4:31 targets.lost.url: the variable NOT_SET is not set, or empty",
      "  - hookline.yaml:5:1 extra: is not known here; known are targets, sources",
    ]);
    expect(output).not.toContain("hidden");
  });

  it("with a project file that is not there", async () => {
    const { code, output } = await runToEnd({ HOOKLINE_CONFIG: "/nowhere/hookline.yaml" });
    expect(code).toBe(1);
    expect(output).toMatch(/\/nowhere\/hookline\.yaml: cannot be read: ENOENT.*\(HOOKLINE_CONFIG names it\)\n$/);
  });

  it("with an OPERATOR_TARGET that is not configured", async () => {
    const { code, output } = await runToEnd({ OPERATOR_TARGET: "ops", WEBHOOK_URL: "https://hook.example/" });
    expect(code).toBe(1);
    expect(output).toContain("OPERATOR_TARGET: there is no target named ops; configured are: default");
  });

  it("on a port that is taken, and says so", async () => {
    test = openTestRedis();
    const env = { REDIS_URL: test.url, QUEUE_PREFIX: test.prefix };
    const [, port = ""] = await run(env).waitForLine(/"worker\.started".*"port":(\d+)/);
    const { code, output } = await runToEnd({ ...env, WORKER_PORT: port });
    expect(code).toBe(1);
    expect(output).toContain("EADDRINUSE");
  });
});

it("a worker whose Redis is away lives, is not ready, and ends when it is told to", async () => {
  const worker = run({ REDIS_URL: `redis://127.0.0.1:${await freePort()}`, SHUTDOWN_TIMEOUT: "0" });
  const [, port] = await worker.waitForLine(/"worker\.started".*"port":(\d+)/);
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  await waitUntil(async () => (await status("/readyz")) === 503, { what: "the worker is not ready" });
  expect(await status("/healthz")).toBe(200);
  worker.kill("SIGTERM");
  await expect(worker.exited).resolves.toMatchObject({ code: 0 });
});
