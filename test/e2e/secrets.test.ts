import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import {
  type ChatKind,
  type ChatSimulator,
  chatKinds,
  startChatSimulator,
  startCollector,
  startReceiver,
  waitUntil,
} from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { toBasecampEvent } from "./support/basecamp.ts";
import { dump } from "./support/dump.ts";
import { startOwnRedis } from "./support/redis.ts";
import { type Stack, startStack } from "./support/stack.ts";

const API_KEY = "end-to-end-api-key";
const BOARD_PASSWORD = "end-to-end-board-password";
const COLLECTOR_KEY = "end-to-end-collector-key";
const secret = () => `secret-${randomBytes(12).toString("hex")}`;

describe("secrets", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  it("appear in no log line, job, problem, board page, answer, metric, trace or process title, and in no place in Redis but the one for inline targets", async () => {
    const redis = await startOwnRedis();
    closers.push(() => redis.stop());
    const chats = await Promise.all(chatKinds.map(startChat));
    const secrets = {
      INBOX_TOKEN: secret(),
      HOOK_HEADER: secret(),
      HOOK_SECRET: `whsec_${randomBytes(32).toString("base64")}`,
      ...Object.assign({}, ...chats.map(({ env }) => env)),
    };
    const inline = { kind: "discord", path: `/api/webhooks/1/${secret()}` };
    const echo = await startReceiver();
    closers.push(() => echo.stop());
    echo.respond(({ headers, path }) => ({ status: 500, body: JSON.stringify({ path, ...headers }) }));
    const collector = await startCollector();
    closers.push(() => collector.stop());
    const stack = await startStack({
      redis: redis.env,
      project: toProject(chats, echo.url),
      env: {
        API_KEYS: API_KEY,
        BOARD_PASSWORD,
        LOG_LEVEL: "debug",
        RETRY_MAX_ATTEMPTS: "0",
        TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${COLLECTOR_KEY}`,
        ...secrets,
      },
    });
    closers.push(() => stack.stop());
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });

    const names = ["echo", ...chats.map(({ kind }) => kind)];
    const targets = [...names, { kind: inline.kind, url: echo.url + inline.path }];
    const task = await stack.post({ username: "octocat", repository: "hello-world", targets });
    const broken = await stack.post({ username: "octocat", repository: "missing" });
    await postToInbox(stack, secrets.INBOX_TOKEN);
    await stack.untilStatus(broken.id, "failed");
    await stack.untilStatus(task.id, "failed");
    await waitUntil(async () => (await ended(stack)).length >= targets.length + names.length, {
      what: "every delivery has ended",
    });

    const apps = [stack.ingest, ...stack.workers];
    const told = [
      ...(await readAnswers(stack)),
      ...(await readProblems(stack, secrets.INBOX_TOKEN, targets)),
      ...(await readMetrics(stack)),
      ...apps.flatMap(({ pid }) => readTitles(pid)),
      await dump(redis.env, (key) => !key.includes(":inline-target:")),
    ];
    // What is left to be traced is sent before a process ends.
    await Promise.all(apps.map((app) => app.stop()));
    expect(collector.headers).toMatchObject({ "x-collector-key": COLLECTOR_KEY });
    expect(new Set(collector.spans.map(({ service }) => service))).toEqual(
      new Set(["hookline-ingest", "hookline-worker"]),
    );
    const everything = [...told, ...apps.map((app) => app.stdout + app.stderr), collector.text].join("\n");
    const shown = ["delivery.attempted", "repository.digest", "the target answered 500", "message.send", "***"];
    const added = ["resourceSpans", "urn:hookline:problem:unauthorized", "hookline_deliver", "hookline_github"];
    for (const known of [...shown, ...added]) {
      expect([known, everything.includes(known)]).toEqual([known, true]);
    }
    const hidden = [API_KEY, BOARD_PASSWORD, COLLECTOR_KEY, inline.path, stack.env.API_TOKEN, stack.env.WEBHOOK_SECRET];
    for (const text of [...hidden, ...Object.values(secrets)]) {
      expect(String(text).length).toBeGreaterThan(5);
      expect([text, toExcerpt(everything, String(text))]).toEqual([text, undefined]);
    }
  }, 60_000);

  /** Where a text appears, with what stands around it. */
  function toExcerpt(everything: string, text: string): string | undefined {
    const at = everything.indexOf(text);
    return at < 0 ? undefined : everything.slice(Math.max(0, at - 200), at + 100);
  }

  interface Chat {
    readonly kind: ChatKind;
    readonly chat: ChatSimulator;
    readonly options: Record<string, string>;
    readonly env: Record<string, string>;
  }

  /** A simulated service, with its secrets moved to variables as the project file wants it. */
  async function startChat(kind: ChatKind): Promise<Chat> {
    const chat = await startChatSimulator({ kind });
    closers.push(() => chat.stop());
    const env: Record<string, string> = {};
    const options = { ...(chat.botTarget ?? chat.target) };
    for (const name of ["token", "apiKey", "flowToken"]) {
      const value = options[name];
      if (value === undefined) continue;
      const variable = `${kind}_${name}`.toUpperCase();
      env[variable] = value;
      options[name] = `\${${variable}}`;
    }
    return { kind, chat, options, env };
  }

  function toProject(chats: readonly Chat[], receiverUrl: string): string {
    const targets = {
      echo: {
        kind: "webhook",
        url: `${receiverUrl}/echo`,
        secret: "${HOOK_SECRET}",
        headers: { "x-auth": "${HOOK_HEADER}" },
      },
      ...Object.fromEntries(chats.map(({ kind, options }) => [kind, { kind, rate: "100/s", ...options }])),
    };
    const inboxes = { leto: { token: "${INBOX_TOKEN}", deliver: Object.keys(targets) } };
    return JSON.stringify({ targets, sources: { basecamp: { inboxes } } });
  }

  async function postToInbox(stack: Stack, token: string): Promise<void> {
    for (const path of [token, `${token}x`]) {
      await fetch(`${stack.address}/webhooks/basecamp/recordings/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: toBasecampEvent(),
      });
    }
  }

  /** How requests are refused that bring secrets along: by their key, their path, their target or their body. */
  async function readProblems(stack: Stack, token: string, targets: readonly unknown[]): Promise<string[]> {
    const json = { "content-type": "application/json" };
    const own = { ...json, authorization: `Bearer ${API_KEY}` };
    const refused = [
      { path: "/tasks", headers: { ...json, authorization: `Bearer ${API_KEY}x` }, body: "{}" },
      { path: "/tasks", headers: own, body: JSON.stringify({ username: "octocat", repository: 1, targets }) },
      {
        path: "/tasks",
        headers: own,
        body: JSON.stringify({ username: "octocat", repository: "a", targets }).slice(1),
      },
      { path: "/tasks/batch", headers: own, body: JSON.stringify([{ username: "octocat", targets }]) },
      { path: "/targets/nobody/enable", headers: own, body: "{}" },
      { path: `/webhooks/basecamp/recordings/${token}`, headers: json, body: "{}" },
      { path: `/webhooks/basecamp/recordings/${token}`, headers: { "content-type": "text/plain" }, body: token },
    ];
    const answers = refused.map(async ({ path, ...rest }) => {
      const response = await fetch(stack.address + path, { method: "POST", ...rest });
      expect([path, response.status >= 400 || path === "/tasks/batch"]).toEqual([path, true]);
      return JSON.stringify([...response.headers]) + (await response.text());
    });
    return Promise.all(answers);
  }

  async function readMetrics(stack: Stack): Promise<string[]> {
    const workers = stack.workers.map(({ stdout }) => /"event":"worker.started","port":(\d+)/.exec(stdout)?.[1]);
    const addresses = [stack.address, ...workers.map((port) => `http://127.0.0.1:${port}`)];
    const headers = { authorization: `Bearer ${API_KEY}` };
    return Promise.all(addresses.map(async (address) => (await fetch(`${address}/metrics`, { headers })).text()));
  }

  /** What other users of the machine see of a process. Only Linux shows it as files. */
  function readTitles(pid: number | undefined): string[] {
    const files = ["cmdline", "comm"].map((name) => `/proc/${pid}/${name}`);
    return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
  }

  const ended = async (stack: Stack) => {
    const { data } = (await stack.request("GET", "/deliveries?limit=100")).body as {
      data: { id: string; status: string }[];
    };
    return data.filter(({ status }) => status === "delivered" || status === "failed");
  };

  async function readAnswers(stack: Stack): Promise<string[]> {
    const deliveries = (await ended(stack)).map(({ id }) => `/deliveries/${id}`);
    const paths = ["/tasks", "/deliveries", "/targets", "/openapi.json", "/readyz", ...deliveries];
    const answers = await Promise.all(paths.map((path) => stack.request("GET", path)));
    const metrics = await fetch(`${stack.address}/metrics`, { headers: { authorization: `Bearer ${API_KEY}` } });
    const problem = await stack.request("POST", "/tasks", { username: 1 });
    const basic = `Basic ${Buffer.from(`admin:${BOARD_PASSWORD}`).toString("base64")}`;
    const boards = await Promise.all(
      ["tasks", "deliveries"].map((queue) =>
        fetch(`${stack.address}/board/api/queues?activeQueue=${queue}&jobsPerPage=50`, {
          headers: { authorization: basic },
        }).then((response) => response.text()),
      ),
    );
    return [...[...answers, problem].map((answer) => JSON.stringify(answer)), await metrics.text(), ...boards];
  }
});
