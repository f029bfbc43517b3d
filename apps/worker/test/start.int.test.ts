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
