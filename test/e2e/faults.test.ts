import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Stack, type StackOptions, startStack } from "./support/stack.ts";

const DIRECTORY = fileURLToPath(new URL("../../.hookline", import.meta.url));
const API_KEY = "end-to-end-api-key";
const TASKS = 200;

describe("when something breaks", () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(options: StackOptions): Promise<Stack> {
    const env = {
      API_KEYS: API_KEY,
      TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
      WORKER_CONCURRENCY: "10",
      LOG_LEVEL: "info",
      ...options.env,
    };
    const stack = await startStack({ ...options, env });
    closers.push(stack.stop);
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });
    stack.receiver.respond({ status: 200, delayMs: 50 });
    return stack;
  }

  /** One server on any kind of Redis: it is stopped, and nobody takes over. */
  async function startRedis(): Promise<EmbeddedRedis> {
    const redis = await startEmbeddedRedis({ directory: DIRECTORY, persistent: false });
    closers.push(() => redis.stop());
    return redis;
  }

  function postMany(stack: Stack, count: number, scheduleInterval = 0): Promise<string[]> {
    const bodies = Array.from({ length: count }, (_, index) => ({
      username: "octocat",
      repository: "hello-world",
      scheduleInterval,
      targets: [{ kind: "webhook", url: `${stack.receiver.url}/${index}` }],
    }));
    return Promise.all(bodies.map(async (body) => (await stack.post(body)).id));
  }

  const paths = (stack: Stack) =>
    new Set(stack.receiver.requests.filter(({ status }) => status === 200).map(({ path }) => path)).size;

  it("delivers every digest although a worker is killed in the middle of 200 tasks", async () => {
    const stack = await start({ workers: 2 });
    await postMany(stack, TASKS);
    await waitUntil(() => stack.receiver.received >= 40, { what: "40 posts" });
    stack.workers[0]?.kill("SIGKILL");
    await waitUntil(() => paths(stack) === TASKS, { what: "every digest has arrived", timeoutMs: 45_000 });
    const bodies = [...stack.receiver.byWebhookId().values()];
    expect(bodies).toHaveLength(TASKS);
    for (const repeats of bodies) expect(new Set(repeats.map(({ rawBody }) => rawBody.toString())).size).toBe(1);
  }, 60_000);

  it("loses and repeats nothing when a worker is told to stop in the middle of 200 tasks", async () => {
    const stack = await start({ workers: 2 });
    await postMany(stack, TASKS);
    await waitUntil(() => stack.receiver.received >= 40, { what: "40 posts" });
    const [worker] = stack.workers;
    worker?.kill("SIGTERM");
    await expect(worker?.exited).resolves.toMatchObject({ code: 0 });
    await waitUntil(() => paths(stack) === TASKS, { what: "every digest has arrived", timeoutMs: 30_000 });
    expect(stack.receiver.repeated()).toBe(0);
    expect(stack.receiver.received).toBe(TASKS);
  });

  it("delivers every task that ingest accepted before it was told to stop", async () => {
    const stack = await start({ workers: 1 });
    const posting = Array.from({ length: TASKS }, (_, index) => {
      const targets = [{ kind: "webhook", url: `${stack.receiver.url}/${index}` }];
      return stack.request("POST", "/tasks", { username: "octocat", repository: "hello-world", targets }).then(
        ({ status }) => status === 202,
        () => false,
      );
    });
    await Promise.race(posting);
    stack.ingest.kill("SIGTERM");
    const accepted = (await Promise.all(posting)).filter((isAccepted) => isAccepted).length;
    await expect(stack.ingest.exited).resolves.toMatchObject({ code: 0 });
    expect(accepted).toBeGreaterThan(0);
    await waitUntil(() => paths(stack) >= accepted, { what: "every accepted digest has arrived", timeoutMs: 30_000 });
    expect(stack.receiver.repeated()).toBe(0);
  });

  it("answers 503 within a second while Redis is stopped, and goes on by itself when it is back", async () => {
    const redis = await startRedis();
    const stack = await start({ workers: 2, redisUrl: redis.url, env: { SCHEDULE_INTERVAL: "3000" } });
    await stack.post({ username: "octocat", repository: "hello-world" });
    await redis.kill("SIGTERM");
    const startedAt = Date.now();
    const refused = await stack.request("POST", "/tasks", { username: "octocat", repository: "other" });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(Date.now() - startedAt).toBeLessThan(1000);
    expect((await stack.request("GET", "/healthz")).status).toBe(200);

    await redis.restart();
    const isBack = async () => (await stack.request("GET", "/readyz")).status === 200;
    await waitUntil(isBack, { what: "ingest has Redis back" });
    const { id } = await stack.post({ username: "octocat", repository: "hello-world", scheduleInterval: 0 });
    await stack.untilStatus(id, "delivered");
  });

  it("keeps waiting tasks through a restart of Redis, without a restart of either app", async () => {
    const directory = `${DIRECTORY}/e2e-${process.pid}`;
    const redis = await startEmbeddedRedis({ directory });
    closers.push(async () => {
      await redis.stop();
      await rm(directory, { recursive: true });
    });
    const stack = await start({ workers: 2, redisUrl: redis.url });
    await postMany(stack, 50, 2500);
    // The append-only file is flushed once a second.
    await waitUntil(() => stack.request("GET", "/readyz").then(({ status }) => status === 200), {
      what: "ingest is ready",
    });
    await redis.restart("SIGTERM");
    await waitUntil(() => paths(stack) === 50, { what: "every waiting digest has arrived", timeoutMs: 30_000 });
    const { status } = await stack.request("POST", "/tasks", {
      username: "octocat",
      repository: "hello-world",
      scheduleInterval: 0,
    });
    expect(status).toBe(202);
    await waitUntil(() => stack.receiver.requests.some(({ path }) => path === "/hook"), {
      what: "a new task is delivered",
    });
  }, 60_000);
});
