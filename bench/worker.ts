/**
 * Deliveries per second of one worker replica: tasks wait in Redis, the snapshot is warm, and a receiver in a process
 * of its own answers at once. Signing, lanes, the attempt log, metrics and logging are on. The baseline is a minimal
 * BullMQ worker that posts the same bytes and does nothing else; both alternate.
 *
 *   npm run bench:worker [-- --json] [--runs 5] [--tasks 4000]
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toTaskId } from "@hookline/contracts";
import { startEmbeddedRedis } from "@hookline/embedded-redis";
import {
  addTask,
  closeQueues,
  closeRedis,
  connectRedis,
  openQueues,
  toBackoffOptions,
  toDeduplicationId,
} from "@hookline/queue";
import { createKeys, silentLogger } from "@hookline/runtime";
import { type SpawnedNode, spawnNode, startGithubSimulator, startReceiver, waitUntil } from "@hookline/testing";
import { Queue } from "bullmq";
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { spawnSource } from "./support/minimal.ts";
import { readCpuSeconds } from "./support/process-stats.ts";

interface Run {
  readonly perSecond: number;
  /** Processor time of the worker's process for each delivery, µs. */
  readonly cpuMicros: number;
}

const SIGNING_SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** The first receipts meet code that is not compiled yet. */
const WARM_UP = 0.25;

await runBench({
  name: "worker",
  title: "Deliveries per second of one worker replica",
  async measure({ runs, arguments: args }) {
    const count = Number(args.get("tasks") ?? 6000);
    const redis = await startEmbeddedRedis({ directory: ".hookline", persistent: true });
    const directory = await mkdtemp(join(tmpdir(), "hookline-bench-"));
    const receiver = await startCounter();
    try {
      const bench = { redisUrl: redis.url, directory, receiver, count };
      await writeFile(join(directory, "body.json"), await captureBody(bench));
      const single: Run[] = [];
      const fanned: Run[] = [];
      const minimal: Run[] = [];
      for (let run = 0; run < runs; run += 1) {
        minimal.push(await runMinimal(bench));
        single.push(await runHookline(bench, 1));
        fanned.push(await runHookline(bench, 10));
      }
      return [...toRows("one target a task", single, minimal), ...toRows("ten targets a task", fanned, minimal)];
    } finally {
      await receiver.process.stop();
      await redis.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
});

function toRows(what: string, runs: readonly Run[], minimal: readonly Run[]): Row[] {
  const ratio = toRatio(
    runs.map(({ perSecond }) => perSecond),
    minimal.map(({ perSecond }) => perSecond),
  );
  const cpu = toRatio(
    runs.map(({ cpuMicros }) => cpuMicros),
    minimal.map(({ cpuMicros }) => cpuMicros),
  );
  return [
    {
      what: `deliveries, ${what}`,
      value: toFigure(runs.map(({ perSecond }) => perSecond)),
      baseline: toFigure(minimal.map(({ perSecond }) => perSecond)),
      unit: "/s",
      ratio,
      reach: "≥ 0.7 ×",
      isReached: ratio.median >= 0.7,
    },
    {
      what: `processor time a delivery, ${what}`,
      value: toFigure(runs.map(({ cpuMicros }) => cpuMicros)),
      baseline: toFigure(minimal.map(({ cpuMicros }) => cpuMicros)),
      unit: "µs",
      ratio: cpu,
      reach: "",
    },
  ];
}

interface Setting {
  readonly redisUrl: string;
  readonly directory: string;
  readonly receiver: Counter;
  readonly count: number;
}

interface Counter {
  readonly url: string;
  readonly process: SpawnedNode;
  received(): Promise<number>;
}

async function startCounter(): Promise<Counter> {
  const child = spawnSource("counting-receiver", {});
  const [, port = ""] = await child.waitForLine(/receiver\.ready (\d+)/);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    process: child,
    received: async () => ((await (await fetch(url)).json()) as { received: number }).received,
  };
}

/** Waits for `count` receipts and tells how fast those after the warm-up came. */
async function time(setting: Setting, { worker, count }: { worker: SpawnedNode; count: number }): Promise<Run> {
  const { receiver } = setting;
  const before = await receiver.received();
  const reached = async (part: number) => {
    const isReached = async () => {
      const seen = (await receiver.received()) - before;
      return seen >= count * part
        ? { seen, at: performance.now(), cpuSeconds: readCpuSeconds(worker.pid ?? 0) }
        : undefined;
    };
    return waitUntil(isReached, { what: `${count * part} of ${count} receipts`, timeoutMs: 120_000 });
  };
  const first = await reached(WARM_UP);
  const last = await reached(1);
  const deliveries = last.seen - first.seen;
  return {
    perSecond: (deliveries / (last.at - first.at)) * 1000,
    cpuMicros: ((last.cpuSeconds - first.cpuSeconds) / deliveries) * 1_000_000,
  };
}

async function runMinimal(setting: Setting): Promise<Run> {
  const { redisUrl, receiver, directory, count } = setting;
  const prefix = toPrefix();
  const redis = connectRedis("consumer", toRedisSettings(redisUrl));
  const queue = new Queue("minimal", { connection: redis, prefix });
  const jobs = Array.from({ length: count }, () => ({ name: "post", data: {} }));
  await queue.addBulk(jobs);
  const worker = spawnSource("minimal-worker", {
    ...{ REDIS_URL: redisUrl, PREFIX: prefix, URL: `${receiver.url}/`, BODY: join(directory, "body.json") },
  });
  try {
    return await time(setting, { worker, count });
  } finally {
    await worker.stop();
    await queue.close();
    await closeRedis(redis);
  }
}

async function runHookline(setting: Setting, fanOut: number): Promise<Run> {
  const prefix = toPrefix();
  const github = await startGithubSimulator();
  github.addRepository({ owner: "octocat", name: "hello-world" });
  const env = await toWorkerEnvironment(setting, { prefix, fanOut, apiUrl: github.url });
  try {
    await addTasks(setting, { prefix, count: 1, fanOut, from: 0 });
    const before = await setting.receiver.received();
    const worker = spawnNode({ args: [...profiling(), script("../apps/worker/dist/main.js")], env });
    await waitUntil(async () => (await setting.receiver.received()) - before >= fanOut, { what: "a warm snapshot" });
    const count = Math.ceil(setting.count / fanOut);
    worker.kill("SIGSTOP");
    await addTasks(setting, { prefix, count, fanOut, from: 1 });
    worker.kill("SIGCONT");
    try {
      return await time(setting, { worker, count: count * fanOut });
    } finally {
      await worker.stop();
    }
  } finally {
    await github.stop();
  }
}

/** `PROFILE_DIRECTORY=/tmp/x` keeps a processor profile of each worker there. */
function profiling(): string[] {
  const directory = process.env.PROFILE_DIRECTORY;
  return directory === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${directory}`];
}

async function toWorkerEnvironment(
  { redisUrl, directory, receiver }: Setting,
  { prefix, fanOut, apiUrl }: { prefix: string; fanOut: number; apiUrl: string },
): Promise<Record<string, string>> {
  const names = Array.from({ length: fanOut }, (_, index) => `t${index}`);
  const file = join(directory, `hookline-${fanOut}.yaml`);
  const lines = names.map(
    (name) => `  ${name}: { kind: webhook, url: "${receiver.url}/${name}", secret: "\${WEBHOOK_SECRET}" }`,
  );
  await writeFile(file, `targets:\n${lines.join("\n")}\n`);
  return {
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: prefix,
    HOOKLINE_CONFIG: file,
    WEBHOOK_SECRET: SIGNING_SECRET,
    API_URL: apiUrl,
    CACHE_TTL: "600000",
    WORKER_PORT: "0",
  };
}

async function addTasks(
  { redisUrl }: Setting,
  { prefix, count, fanOut, from }: { prefix: string; count: number; fanOut: number; from: number },
): Promise<void> {
  const redis = connectRedis("consumer", toRedisSettings(redisUrl));
  const queues = openQueues(redis, prefix, silentLogger);
  const keys = createKeys(prefix);
  const targets = Array.from({ length: fanOut }, (_, index) => `t${index}`);
  const now = Date.now();
  const adding = Array.from({ length: count }, (_, index) =>
    addTask(queues, keys, {
      id: toTaskId(now, randomBytes(8).toString("hex"), index),
      payload: { username: "octocat", repository: "hello-world", targets },
      deduplicationId: toDeduplicationId({ username: "octocat", repository: `${prefix}${from + index}` }, targets),
      createdAt: now,
      delayMs: 0,
      attempts: 4,
      backoff: toBackoffOptions("fixed", 5000),
    }),
  );
  await Promise.all(adding);
  await closeQueues(queues);
  await closeRedis(redis);
}

/** What a webhook receives of the repository: the bytes that the baseline posts too. */
async function captureBody(setting: Setting): Promise<Buffer> {
  const prefix = toPrefix();
  const [github, receiver] = [await startGithubSimulator(), await startReceiver()];
  github.addRepository({ owner: "octocat", name: "hello-world" });
  const env = await toWorkerEnvironment(
    { ...setting, receiver: { ...setting.receiver, url: receiver.url } },
    { prefix, fanOut: 1, apiUrl: github.url },
  );
  await addTasks(setting, { prefix, count: 2, fanOut: 1, from: 0 });
  const worker = spawnNode({ args: [script("../apps/worker/dist/main.js")], env });
  await waitUntil(() => receiver.received >= 2, { what: "a digest" });
  const body = receiver.requests.at(-1)?.rawBody ?? Buffer.alloc(0);
  await Promise.all([worker.stop(), github.stop(), receiver.stop()]);
  return body;
}

function toPrefix(): string {
  return `{bench-${randomBytes(6).toString("hex")}}`;
}

function toRedisSettings(url: string) {
  return { REDIS_URL: url, REDIS_SENTINELS: [], REDIS_SENTINEL_NAME: undefined, REDIS_CLUSTER_NODES: [] };
}
