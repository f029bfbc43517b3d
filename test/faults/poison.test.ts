import { fileURLToPath } from "node:url";
import { closeRedis, connectRedis, type RedisConnection } from "@hookline/queue";
import { type SpawnedNode, spawnNode, waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../e2e/support/stack.ts";
import { ledger } from "./support/ledger.ts";

const PRELOAD = fileURLToPath(new URL("support/crash-on-poison.mjs", import.meta.url));
const WORKER = fileURLToPath(new URL("../../apps/worker/dist/main.js", import.meta.url));
const REPLICAS = 3;
const OTHERS = 60;

let stack: Stack;
let redis: RedisConnection;
let isOver = false;
let crashes = 0;
let running: SpawnedNode[] = [];
const supervisors: Promise<void>[] = [];

beforeAll(async () => {
  stack = await startStack({
    workers: 0,
    env: { OPERATOR_TARGET: "default", SCHEDULE_INTERVAL: "0", WORKER_CONCURRENCY: "10", CACHE_TTL: "60000" },
  });
  redis = connectRedis("consumer", {
    REDIS_URL: stack.env.REDIS_URL ?? "",
    REDIS_SENTINELS: [],
    REDIS_SENTINEL_NAME: undefined,
    REDIS_CLUSTER_NODES: [],
  });
  stack.github.latencyMs = 100;
});
afterAll(async () => {
  isOver = true;
  await Promise.all(running.map((worker) => worker.stop()));
  await Promise.all(supervisors);
  await Promise.all([stack.stop(), closeRedis(redis)]);
});

/** Runs a worker, and another one whenever it dies, as a supervisor would. */
async function supervise(): Promise<void> {
  while (!isOver) {
    const worker = spawnNode({ args: ["--import", PRELOAD, WORKER], env: { ...stack.env } });
    running.push(worker);
    const { code } = await worker.exited;
    running = running.filter((other) => other !== worker);
    if (code !== 0) crashes += 1;
  }
}

it("a task that crashes its process is set aside and told, and every other task arrives", async () => {
  stack.github.addRepository({ owner: "octocat", name: "poison" });
  const others = Array.from({ length: OTHERS }, (_, index) => `fine-${index}`);
  for (const name of others) stack.github.addRepository({ owner: "octocat", name });
  const poison = await stack.post({ username: "octocat", repository: "poison" });
  const ids = await Promise.all(
    others.map(async (repository) => (await stack.post({ username: "octocat", repository })).id),
  );
  supervisors.push(...Array.from({ length: REPLICAS }, supervise));

  const lock = `${stack.env.QUEUE_PREFIX}:tasks:${poison.id}:lock`;
  const lapse = async (known: number) => {
    await waitUntil(() => crashes > known, { what: `crash number ${known + 1}`, timeoutMs: 40_000 });
    // What time does to the lock of a process that no longer renews it.
    await redis.del(lock);
  };
  for (let known = 0; known < 4; known += 1) await lapse(known);

  const failed = await stack.untilStatus(poison.id, "failed", 30_000);
  expect(failed.error).toMatchObject({ code: "worker_lost", message: expect.stringContaining("4 worker processes") });
  for (const id of ids) await stack.untilStatus(id, "delivered", 45_000);
  expect(crashes).toBe(4);
  expect(ledger("60 tasks beside one that kills 4 workers", ids, stack.receiver).lost).toBe(0);

  const [told, ...more] = await stack.receiver.waitFor(1, 10_000, ({ json }) => isNotice(json));
  expect(told?.json).toMatchObject({ type: "task.exhausted", taskId: poison.id, error: { code: "worker_lost" } });
  expect(more).toEqual([]);
  expect(running.map(({ stdout }) => stdout).join("")).toMatch(/job\.failed.*worker_lost/);

  // Its deduplication key is free again, and the task may be retried by hand.
  const again = await stack.post({ username: "octocat", repository: "poison", scheduleInterval: 600_000 });
  expect(again.duplicate).toBe(false);
}, 120_000);

function isNotice(json: unknown): boolean {
  return typeof json === "object" && json !== null && "type" in json && json.type === "task.exhausted";
}
