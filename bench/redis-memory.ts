/**
 * What a waiting task takes of Redis's memory, beside a bare BullMQ job with the same payload and options. Tasks are
 * queued by a real ingest on Redis as it is shipped (packed hashes of up to 1 KiB); the bare jobs lie in a Redis with
 * its own defaults, and to tell what the setting alone does, also in one as shipped.
 *
 *   npm run bench:redis-memory [-- --json] [--runs 5]
 */
import { randomBytes } from "node:crypto";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { startStack } from "../test/e2e/support/stack.ts";
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { createPoster } from "./support/poster.ts";
import { type BenchRedis, withRedis } from "./support/redis.ts";
import { measureKinds } from "./support/redis-keys.ts";

const DELAY_MS = 86_400_000;
/** The setting's older name is known to every version. Without the log nothing but tasks takes memory. */
const SHIPPED = { config: { appendonly: "no" } };
const STOCK = { config: { appendonly: "no", "hash-max-ziplist-value": "64" } };
const COUNTS = [10_000, 100_000] as const;
const MOST_BYTES = 600;
const MOST_RATIO = 0.8;

await runBench({
  name: "redis-memory",
  title: "Redis memory: bytes a waiting task",
  async measure({ runs }) {
    const rows: Row[] = [];
    for (const count of COUNTS) rows.push(...(await compare(count, count > COUNTS[0] ? 1 : runs)));
    return rows;
  },
});

/** Bytes a task come out the same each time: the large number is measured once. */
async function compare(count: number, runs: number): Promise<Row[]> {
  const own: number[] = [];
  const stock: number[] = [];
  const shipped: number[] = [];
  let kinds: Readonly<Record<string, number>> = {};
  for (let run = 0; run < runs; run += 1) {
    await withRedis(async (redis) => {
      own.push(await measureTasks(redis, count));
      kinds = await measureKinds(redis.client, count);
    }, SHIPPED);
    stock.push(await withRedis(({ client }) => measureJobs(client, count), STOCK));
    shipped.push(await withRedis(({ client }) => measureJobs(client, count), SHIPPED));
  }
  return toRows(count, { own, stock, shipped }, kinds);
}

function toRows(
  count: number,
  { own, stock, shipped }: Record<"own" | "stock" | "shipped", readonly number[]>,
  kinds: Readonly<Record<string, number>>,
): Row[] {
  const what = `${count.toLocaleString("en-US")} waiting`;
  const [value, ratio] = [toFigure(own), toRatio(own, stock)];
  const isReached = value.median <= MOST_BYTES && ratio.median <= MOST_RATIO;
  return [
    { what, value, unit: "B", baseline: toFigure(stock), ratio, reach: "≤ 600 B, ≤ 0.8 ×", isReached },
    {
      what: `${what}, bare jobs on Redis as shipped`,
      value,
      unit: "B",
      baseline: toFigure(shipped),
      ratio: toRatio(own, shipped),
      reach: "",
    },
    ...Object.entries(kinds).map(([kind, bytes]) => ({
      what: `${what}, of that ${kind}`,
      value: toFigure([bytes]),
      unit: "B",
      reach: "",
    })),
  ];
}

async function measureTasks({ url, client }: BenchRedis, count: number): Promise<number> {
  const env = { QUEUE_PREFIX: "{hookline}", SCHEDULE_INTERVAL: String(DELAY_MS), RESCHEDULE_INTERVAL: "5000" };
  const stack = await startStack({ redisUrl: url, workers: 0, env });
  const poster = createPoster(stack.address, 4);
  try {
    // One first: what a connection and a script take is no task's.
    await poster.post({ username: "octocat", repository: "hello-world" });
    const before = await readUsedMemory(client);
    await poster.postBatches(Array.from({ length: count }, (_, index) => toPair(index)));
    return ((await readUsedMemory(client)) - before) / count;
  } finally {
    await poster.close();
    await stack.stop();
  }
}

function toPair(index: number) {
  return { username: "octocat", repository: `hello-world-${String(index).padStart(6, "0")}` };
}

async function measureJobs(client: Redis, count: number): Promise<number> {
  const connection = client.duplicate({ maxRetriesPerRequest: null });
  const queue = new Queue("tasks", { connection, prefix: "{hookline}", streams: { events: { maxLen: 1000 } } });
  try {
    await queue.addBulk([toJob(count)]);
    const before = await readUsedMemory(client);
    for (let start = 0; start < count; start += 1000) {
      await queue.addBulk(Array.from({ length: 1000 }, (_, index) => toJob(start + index)));
    }
    return ((await readUsedMemory(client)) - before) / count;
  } finally {
    await queue.close();
    connection.disconnect();
  }
}

function toJob(index: number) {
  return {
    name: "github.digest",
    data: { ...toPair(index), targets: ["default"] },
    opts: {
      delay: DELAY_MS,
      attempts: 4,
      backoff: { type: "fixed", delay: 5000 },
      deduplication: { id: randomBytes(16).toString("hex") },
    },
  };
}

/** What Redis has allocated and not given back, in bytes. */
async function readUsedMemory(client: Redis): Promise<number> {
  await client.memory("PURGE");
  return Number(/^used_memory:(\d+)/m.exec(await client.info("memory"))?.[1]);
}
