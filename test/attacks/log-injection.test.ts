import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnNode, startReceiver, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../e2e/support/stack.ts";

/** Breaks out of a line, of JSON and of text; clears the screen, sets its title; turns the direction of what follows. */
const NASTY =
  'x","event":"forged"}\n12:00:00.000 info ingest forged\u001b[2J\u001b]0;t\u0007\u009b31m\u2028\u2029\u202e\u200b';
/** As much of it as Node's client sends in a header. */
const IN_HEADER = 'x","event":"forged"} \x85\x9b31m\x9d0;t\x9c';
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const KEY = "log-injection-key";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(format: "json" | "text"): Promise<{ stack: Stack; targetUrl: string }> {
  const receiver = await startReceiver();
  closers.push(() => receiver.stop());
  receiver.respond({ status: 400, headers: { "x-nasty": IN_HEADER }, body: NASTY });
  receiver.respondOnPath("/slack", { status: 200, body: JSON.stringify({ ok: false, error: NASTY }) });
  const env = {
    API_KEYS: KEY,
    LOG_FORMAT: format,
    LOG_LEVEL: "debug",
    RETRY_MAX_ATTEMPTS: "0",
    TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
  };
  const stack = await startStack({ env });
  closers.push(() => stack.stop());
  return { stack, targetUrl: receiver.url };
}

interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Unlike `fetch`, sends paths and headers as they are. */
function send(stack: Stack, { method, path, headers, body }: Sending): Promise<number> {
  return new Promise((resolve, reject) => {
    const own = { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers };
    const outgoing = request({ port: stack.env.PORT, host: "127.0.0.1", method, path, headers: own }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.once("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Puts what is nasty wherever strangers' texts come in, and waits until both apps have told of it. */
async function attack(stack: Stack, targetUrl: string): Promise<void> {
  const nasty = { "user-agent": IN_HEADER, "x-request-id": IN_HEADER, traceparent: IN_HEADER, tracestate: IN_HEADER };
  const encoded = encodeURIComponent(NASTY);
  for (const path of [`/tasks/${encoded}`, `/targets/${encoded}/enable`, `/${encoded}?x=${encoded}`, "/\x9b31m"]) {
    expect(await send(stack, { method: "GET", path, headers: nasty })).toBeGreaterThanOrEqual(400);
  }
  const bodies = [{ username: NASTY, repository: "a" }, { username: "octocat", repository: NASTY }, { [NASTY]: 1 }];
  for (const body of bodies)
    expect(await send(stack, { method: "POST", path: "/tasks", headers: nasty, body })).toBe(400);

  stack.github.fault("/repos/octocat/rude", { kind: "status", status: 400, body: JSON.stringify({ message: NASTY }) });
  stack.github.addRepository({ owner: "octocat", name: "hello-world", description: NASTY, issues: [{ title: NASTY }] });
  const targets = [
    { kind: "webhook", url: `${targetUrl}/hook` },
    { kind: "slack", url: `${targetUrl}/slack` },
    { kind: "discord", url: `${targetUrl}/discord` },
  ];
  const tasks = [
    await stack.post({ username: "octocat", repository: "rude" }),
    await stack.post({ username: "octocat", repository: "hello-world", targets }),
  ];
  for (const { id } of tasks) await stack.untilStatus(id, "failed");
  await waitUntil(() => (stack.workers[0]?.stdout.match(/delivery\.attempted/g)?.length ?? 0) >= targets.length, {
    what: "every attempt is told",
  });
}

const linesOf = (stack: Stack) =>
  [stack.ingest, ...stack.workers].flatMap(({ stdout, stderr }) => (stdout + stderr).trimEnd().split("\n"));

describe("what strangers write, in paths, headers, bodies and answers, reaches the log", () => {
  it("as one line of JSON for each event", async () => {
    const { stack, targetUrl } = await start("json");
    await attack(stack, targetUrl);
    const lines = linesOf(stack);
    expect(lines.filter((line) => UNSEEN.test(line))).toEqual([]);
    const events = lines.map((line) => (JSON.parse(line) as { event: unknown }).event);
    expect(events.filter((event) => !/^[a-z]+\.[a-z_]+$/.test(String(event)))).toEqual([]);
    expect(events).not.toContain("forged");
    // Else nothing was tried.
    expect(lines.filter((line) => line.includes("forged")).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes("\\u009b31m")).length).toBeGreaterThan(0);
  }, 60_000);

  it("as one line of text for each event, of which a terminal obeys nothing", async () => {
    const { stack, targetUrl } = await start("text");
    await attack(stack, targetUrl);
    const lines = linesOf(stack);
    expect(lines.filter((line) => UNSEEN.test(line))).toEqual([]);
    const shape = /^\d\d:\d\d:\d\d\.\d{3} (debug|info|warn|error) (ingest|worker) [a-z]+\.[a-z_]+( [A-Za-z]+=|$)/;
    expect(lines.filter((line) => !shape.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes("\\u009b31m")).length).toBeGreaterThan(0);
  }, 60_000);
});

it("a project file's names reach the terminal without control characters", async () => {
  const directory = mkdtempSync(join(tmpdir(), "hookline-injection-"));
  closers.push(async () => rmSync(directory, { recursive: true }));
  const path = join(directory, "hookline.yaml");
  writeFileSync(path, JSON.stringify({ targets: { [NASTY]: { kind: NASTY, url: NASTY } }, [NASTY]: 1 }));
  for (const app of ["ingest", "worker"]) {
    const main = fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
    const child = spawnNode({ args: [main], env: { HOOKLINE_CONFIG: path, LOG_FORMAT: "text" } });
    const { code } = await child.exited;
    const { stdout, stderr } = child;
    expect([code, stdout]).toEqual([1, ""]);
    const lines = stderr.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => UNSEEN.test(line))).toEqual([]);
    expect(lines.filter((line) => !/^(The |\s+- )/.test(line))).toEqual([]);
  }
});
