/**
 * What one Redis carries: the processor time that a task costs Redis, ingest and a worker, from `POST /tasks` to the
 * receipt, and the bytes that a waiting and a finished task take. Time on the processor, not on the clock: it is the same on a machine
 * that is busy with other things, and its inverse is what one core of each can do. Redis works commands on one core.
 *
 *   npm run bench:redis-capacity [-- --json] [--runs 3]
 */

import { rm } from "node:fs/promises";
import { startEmbeddedRedis } from "@hookline/embedded-redis";
import { type Receiver, startReceiver, waitUntil } from "@hookline/testing";
import { Redis } from "ioredis";
import { type Stack, startStack } from "../test/e2e/support/stack.ts";
import { type Row, runBench, toFigure } from "./support/bench.ts";

const REPOSITORIES = 40;
const TARGETS = 25;
/** No two alike, so that none is taken for another that waits. */
const TASKS = REPOSITORIES * TARGETS;
const AT_ONCE = 16;
const WAITING = 10_000;
const BATCH = 1000;
const HOUR_MS = 3_600_000;
const GIB = 2 ** 30;

interface Cost {
  readonly redis: number;
  readonly ingest: number;
  readonly worker: number;
}

interface Finished extends Cost {
  /** Of Redis's memory, a task with its delivery, as long as it is kept. */
  readonly bytes: number;
}

await runBench({
  name: "redis-capacity",
  title: "What one Redis carries",
  runs: 3,
  measure: ({ runs }) => measure(runs),
});

async function measure(runs: number): Promise<Row[]> {
  const directory = `.hookline/capacity-${process.pid}`;
  const redis = await startEmbeddedRedis({ directory });
  const client = new Redis(redis.url);
  const receiver = await startReceiver();
  const stack = await startStack({
    redisUrl: redis.url,
    project: toProject(receiver),
    env: { CACHE_TTL: String(HOUR_MS), LOG_LEVEL: "info" },
  });
  try {
    for (let index = 0; index < REPOSITORIES; index += 1) stack.github.addRepository(toPair(index));
    await runTasks(stack, receiver); // snapshots are warm and code is compiled from here on
    const costs: Finished[] = [];
    const bytes: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      costs.push(await measureCost(stack, receiver, client));
      bytes.push(await measureWaiting(stack, client, run));
    }
    return toRows(costs, bytes);
  } finally {
    await stack.stop();
    await receiver.stop();
    client.disconnect();
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function toProject({ url }: Receiver): string {
  const targets = Array.from(
    { length: TARGETS },
    (_, index) => `  t${index}: { kind: webhook, url: "${url}/${index}" }`,
  );
  return `targets:\n${targets.join("\n")}\n`;
}

function toPair(index: number) {
  return { owner: "octocat", name: `repository-${index}` };
}

/** Posts every pair of a repository and a target, and waits for all receipts. */
async function runTasks(stack: Stack, receiver: Receiver): Promise<void> {
  const before = receiver.received;
  let next = 0;
  const post = async () => {
    while (next < TASKS) {
      const index = next++;
      const repository = toPair(index % REPOSITORIES).name;
      const target = `t${Math.floor(index / REPOSITORIES)}`;
      await stack.post({ username: "octocat", repository, targets: [target] });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, post));
  await waitUntil(() => receiver.received >= before + TASKS, { what: "all receipts", timeoutMs: 120_000 });
}

/** Milliseconds on the processor a task, of each process, and the bytes that it leaves. */
async function measureCost(stack: Stack, receiver: Receiver, client: Redis): Promise<Finished> {
  const bytesBefore = await readMemory(client);
  const before = await readCpu(stack, client);
  await runTasks(stack, receiver);
  const after = await readCpu(stack, client);
  const toCost = (name: keyof Cost) => ((after[name] - before[name]) * 1000) / TASKS;
  return {
    redis: toCost("redis"),
    ingest: toCost("ingest"),
    worker: toCost("worker"),
    bytes: ((await readMemory(client)) - bytesBefore) / TASKS,
  };
}

/** Seconds on the processor since each process began. */
async function readCpu(stack: Stack, client: Redis): Promise<Cost> {
  const workerPort = /"event":"worker\.started","port":(\d+)/.exec(stack.workers[0]?.stdout ?? "")?.[1];
  const [info, ingest, worker] = await Promise.all([
    client.info("cpu"),
    readProcessCpu(`${stack.address}/metrics`),
    readProcessCpu(`http://127.0.0.1:${workerPort}/metrics`),
  ]);
  return { redis: readField(info, "used_cpu_user") + readField(info, "used_cpu_sys"), ingest, worker };
}

async function readProcessCpu(url: string): Promise<number> {
  const text = await fetch(url).then((response) => response.text());
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

function readField(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)?.[1]);
}

/** Bytes of Redis's memory that a waiting task takes; the tasks stay, so that the next run adds to them. */
async function measureWaiting(stack: Stack, client: Redis, run: number): Promise<number> {
  const before = await readMemory(client);
  for (let start = 0; start < WAITING; start += BATCH) {
    const tasks = Array.from({ length: BATCH }, (_, index) => ({
      username: "octocat",
      repository: `waiting-${run}-${start + index}`,
      scheduleInterval: 24 * HOUR_MS,
    }));
    await stack.request("POST", "/tasks/batch", tasks);
  }
  return ((await readMemory(client)) - before) / WAITING;
}

async function readMemory(client: Redis): Promise<number> {
  return readField(await client.info("memory"), "used_memory");
}

function toRows(costs: readonly Finished[], bytes: readonly number[]): Row[] {
  const costOf = (name: keyof Cost) => toFigure(costs.map((cost) => cost[name]));
  const coreOf = (name: keyof Cost) => toFigure(costs.map((cost) => 1000 / cost[name]));
  const names = ["redis", "ingest", "worker"] as const;
  return [
    ...names.map((name) => ({ what: `${name}: processor time a task`, value: costOf(name), unit: "ms", reach: "" })),
    ...names.map((name) => ({
      what: `${name}: what one core carries`,
      value: coreOf(name),
      unit: "tasks/s",
      reach: "",
    })),
    { what: "memory of a waiting task", value: toFigure(bytes), unit: "bytes", reach: "" },
    { what: "memory of a finished task", value: toFigure(costs.map((cost) => cost.bytes)), unit: "bytes", reach: "" },
    { what: "waiting tasks a GiB", value: toFigure(bytes.map((size) => GIB / size)), unit: "tasks", reach: "" },
  ];
}
