import { type Consumer, closeQueues, openQueues, type Queues } from "@hookline/queue";
import { createKeys, type HttpServer, listen, silentLogger } from "@hookline/runtime";
import { freePort, waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readProgress, readRedis } from "../src/health/progress.ts";
import { createHealthListener } from "../src/health/server.ts";
import { createMetrics } from "../src/metrics.ts";
import { openTestRedis, type TestRedis } from "./support/test-redis.ts";

let test: TestRedis;
let queues: Queues;
let server: HttpServer;
let isDraining: boolean;
let activity: { active: number; lastStartedAt: number };

beforeEach(async () => {
  await start(openTestRedis());
});
afterEach(stop);

/** A worker's own routes, beside consumers that do nothing but what `activity` says. */
async function start(redis: TestRedis, apiKeys: string[] = []): Promise<void> {
  test = redis;
  isDraining = false;
  activity = { active: 0, lastStartedAt: Date.now() - 31_000 };
  queues = openQueues(test.redis, test.prefix, silentLogger);
  const consumers = (["tasks", "deliveries"] as const).map(
    (name): Consumer => ({ name, concurrency: 5, activity: () => activity, drain: async () => undefined }),
  );
  const metrics = createMetrics({ isRedisReady: () => true });
  metrics.observeDelivery("webhook", "delivered", 0.02);
  const listener = createHealthListener({
    apiKeys,
    registry: metrics.registry,
    progress: () => readProgress(consumers, queues),
    redis: () => readRedis(test.redis, createKeys(test.prefix)),
    isDraining: () => isDraining,
  });
  server = await listen(listener, { port: 0, host: "127.0.0.1" });
}

async function stop(): Promise<void> {
  await server.close();
  await closeQueues(queues);
  await test.stop();
}

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    headers: { connection: "close", ...headers },
  });
  const text = await response.text();
  return { status: response.status, text, type: response.headers.get("content-type") };
}

function add(options: { timestamp: number; delay?: number }) {
  return queues.tasks.queue.add("github.digest", {}, options);
}

describe("every answer", () => {
  it("is no page to show, keep or frame, and no other method but GET and HEAD has one", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics", "/nothing", "//healthz", "/healthz/..", "/METRICS"]) {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
      await response.text();
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
      for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
        const refused = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
        expect([method, refused.status, refused.headers.get("allow")]).toEqual([method, 405, "GET, HEAD"]);
      }
    }
  });
});

describe("/healthz", () => {
  it("is green while nothing is due", async () => {
    await add({ timestamp: Date.now(), delay: 60_000 });
    const { status, text } = await get("/healthz");
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      status: "ok",
      isStuck: false,
      redis: "ready",
      queues: { tasks: { active: 0, oldestWaitingSeconds: 0, isStuck: false }, deliveries: { isStuck: false } },
    });
  });

  it.each([
    ["waits", { timestamp: Date.now() - 31_000 }],
    ["was delayed, and nobody made it a waiting one,", { timestamp: Date.now() - 40_000, delay: 5000 }],
  ])("is red when a due job %s for more than 30 s beside idle slots", async (_, job) => {
    await add(job);
    const { status, text } = await get("/healthz");
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ status: "stuck", queues: { tasks: { isStuck: true } } });
    expect(JSON.parse(text).queues.tasks.oldestWaitingSeconds).toBeGreaterThan(30);
  });

  it("is green while a job that has just become due waits", async () => {
    await add({ timestamp: Date.now() - 100_000, delay: 90_000 });
    expect((await get("/healthz")).status).toBe(200);
  });

  it("is green while all slots are busy, or jobs are being started", async () => {
    await add({ timestamp: Date.now() - 100_000 });
    activity = { active: 5, lastStartedAt: Date.now() - 100_000 };
    expect((await get("/healthz")).status).toBe(200);
    activity = { active: 0, lastStartedAt: Date.now() - 1000 };
    expect((await get("/healthz")).status).toBe(200);
  });

  it("is red when all slots have been busy with the same jobs for longer than any may take, while others wait", async () => {
    await add({ timestamp: Date.now() - 1_000_000 });
    activity = { active: 5, lastStartedAt: Date.now() - 901_000 };
    expect((await get("/healthz")).status).toBe(503);
    activity = { active: 5, lastStartedAt: Date.now() - 1000 };
    expect((await get("/healthz")).status).toBe(200);
  });

  it("is green while somebody has paused the queue", async () => {
    await add({ timestamp: Date.now() - 100_000 });
    await queues.tasks.queue.pause();
    expect((await get("/healthz")).status).toBe(200);
    await queues.tasks.queue.resume();
    expect((await get("/healthz")).status).toBe(503);
  });
});

describe("/readyz", () => {
  it("is green while Redis answers, and red as soon as the worker drains", async () => {
    expect(await get("/readyz")).toMatchObject({ status: 200, type: "application/json" });
    isDraining = true;
    expect((await get("/readyz?verbose")).status).toBe(503);
    expect((await get("/healthz")).status).toBe(200);
  });

  it("is red while Redis is away, for which the worker is not to be restarted", async () => {
    await stop();
    await start(openTestRedis(`redis://127.0.0.1:${await freePort()}`));
    const startedAt = Date.now();
    const [ready, health] = await Promise.all([get("/readyz"), get("/healthz")]);
    expect(Date.now() - startedAt).toBeLessThan(3000);
    expect([ready.status, health.status]).toEqual([503, 200]);
    expect(JSON.parse(health.text)).toMatchObject({ redis: "away", isStuck: false });
  });
});

describe("/metrics", () => {
  it("has every figure of a worker", async () => {
    const { status, text, type } = await get("/metrics");
    expect(status).toBe(200);
    expect(type).toContain("text/plain");
    for (const name of [
      "hookline_tasks_total",
      "hookline_deliveries_total",
      "hookline_delivery_duration_seconds",
      "hookline_task_end_to_end_seconds",
      "hookline_github_requests_total",
      "hookline_snapshots_total",
    ]) {
      expect(text).toMatch(new RegExp(`^# TYPE ${name} `, "m"));
    }
    expect(text).toContain('hookline_deliveries_total{kind="webhook",outcome="delivered"} 1');
  });

  it("follows the API keys, while the probes are open", async () => {
    await stop();
    await start(openTestRedis(), ["first-key", "second-key"]);
    await waitUntil(() => test.redis.status === "ready", { what: "Redis is ready" });
    for (const authorization of ["", "Bearer", "Bearer wrong", "Basic first-key", "first-key", "Bearer first-keys"]) {
      expect((await get("/metrics", { authorization })).status).toBe(401);
    }
    expect((await get("/metrics")).status).toBe(401);
    for (const key of ["first-key", "second-key"]) {
      expect((await get("/metrics", { authorization: `Bearer ${key}` })).status).toBe(200);
    }
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/readyz")).status).toBe(200);
  });
});

it("every other path is 404", async () => {
  for (const path of ["/", "/health", "/metrics/", "/healthz/x"]) expect((await get(path)).status).toBe(404);
});
