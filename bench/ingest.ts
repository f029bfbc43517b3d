/**
 * Accepted `POST /tasks` per second of the real ingest process, everything on, beside Express that parses the body,
 * answers 202 and does nothing else, and beside an Express handler that only adds a job.
 *
 *   npm run bench:ingest [-- --json] [--runs 5] [--seconds 3]
 */
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { type BenchOptions, type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { type Contender, startContender } from "./support/contender.ts";
import { readCpuUs } from "./support/cpu.ts";
import { type LoadGenerator, type LoadResult, startLoadGenerator } from "./support/load.ts";

const CONNECTIONS = 32;
const BODY = JSON.stringify({ username: "octocat", repository: "[<id>]" });
const DEFAULT_SECONDS = 4;
const WARM_UP_SECONDS = 3;
/** Nothing becomes due while we measure. */
const INTERVAL_MS = "86400000";
const DIRECTORY = resolve(".hookline", "bench-ingest");
const toPath = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** The order in which they take turns; `express` is the baseline. */
const names = ["express", "ingest", "queue.add"] as const;
type Name = (typeof names)[number];

interface Run extends LoadResult {
  /** CPU time a request, µs: of the server, of Redis, of the load generator. */
  readonly serverUs: number;
  readonly redisUs: number;
  readonly loadUs: number;
}

interface Stage {
  readonly contenders: Readonly<Record<Name, Contender>>;
  readonly load: LoadGenerator;
  readonly redis: EmbeddedRedis;
}

await runBench({ name: "ingest", title: "Ingest: POST /tasks, 32 connections, Redis with AOF everysec", measure });

async function measure({ runs, arguments: args }: BenchOptions): Promise<readonly Row[]> {
  const seconds = Number(args.get("seconds") ?? DEFAULT_SECONDS);
  await rm(resolve(DIRECTORY, "redis"), { recursive: true, force: true });
  const redis = await startEmbeddedRedis({ directory: DIRECTORY, persistent: true });
  const contenders = await startContenders(redis.url);
  const load = startLoadGenerator();
  try {
    return toRows(await alternate({ contenders, load, redis }, runs, seconds));
  } finally {
    load.stop();
    await Promise.all(Object.values(contenders).map((contender) => contender.stop()));
    await redis.stop();
    await rm(resolve(DIRECTORY, "redis"), { recursive: true, force: true });
  }
}

async function startContenders(redisUrl: string): Promise<Stage["contenders"]> {
  const start = (name: Name, file: string, env: Readonly<Record<string, string>>) => {
    const args = file.endsWith(".ts") ? ["--import", "tsx", toPath(file)] : [toPath(file)];
    return startContender({ name, args, env, logFile: resolve(DIRECTORY, `${name}.log`) });
  };
  const ingestEnv = { REDIS_URL: redisUrl, WEBHOOK_URL: "http://127.0.0.1:9/", SCHEDULE_INTERVAL: INTERVAL_MS };
  return {
    express: await start("express", "./support/bare-express.ts", {}),
    ingest: await start("ingest", "../apps/ingest/dist/main.js", ingestEnv),
    "queue.add": await start("queue.add", "./support/bare-express.ts", { REDIS_URL: redisUrl, QUEUE_PREFIX: "{bare}" }),
  };
}

async function alternate(stage: Stage, runs: number, seconds: number): Promise<Readonly<Record<Name, Run[]>>> {
  const found: Record<Name, Run[]> = { express: [], ingest: [], "queue.add": [] };
  for (const name of names) await run(stage, name, WARM_UP_SECONDS);
  for (let index = 0; index < runs; index += 1) {
    for (const name of names) found[name].push(await run(stage, name, seconds));
  }
  return found;
}

async function run({ contenders, load, redis }: Stage, name: Name, seconds: number): Promise<Run> {
  const { url, pid } = contenders[name];
  const [serverBefore, redisBefore] = await Promise.all([readCpuUs(pid), readCpuUs(redis.pid)]);
  const result = await load.run({ url, seconds, connections: CONNECTIONS, body: BODY });
  const [serverAfter, redisAfter] = await Promise.all([readCpuUs(pid), readCpuUs(redis.pid)]);
  return {
    ...result,
    serverUs: (serverAfter - serverBefore) / result.accepted,
    redisUs: (redisAfter - redisBefore) / result.accepted,
    loadUs: result.cpuUs / result.accepted,
  };
}

function toRows({ express, ingest, "queue.add": add }: Readonly<Record<Name, Run[]>>): readonly Row[] {
  const row = (what: string, unit: string, pick: (run: Run) => number, values = ingest) => {
    const [own, baseline] = [values.map(pick), express.map(pick)];
    return { what, value: toFigure(own), unit, baseline: toFigure(baseline), ratio: toRatio(own, baseline), reach: "" };
  };
  const rate = row("accepted", "/s", ({ perSecond }) => perSecond);
  const p99 = row("p99", "ms", ({ p99Ms }) => p99Ms);
  const redisUs = toFigure(ingest.map((run) => run.redisUs));
  return [
    { ...rate, reach: "≥ 1.0 ×", isReached: rate.ratio.median >= 1 },
    { ...p99, reach: "≤ 2 ×", isReached: p99.ratio.median <= 2 },
    row("p50", "ms", ({ p50Ms }) => p50Ms),
    row("CPU of the server a request", "µs", ({ serverUs }) => serverUs),
    { what: "CPU of Redis a request", value: redisUs, unit: "µs", reach: "" },
    row("CPU of the load generator a request", "µs", ({ loadUs }) => loadUs),
    row("accepted by an Express handler with queue.add", "/s", ({ perSecond }) => perSecond, add),
    row("p99 of that handler", "ms", ({ p99Ms }) => p99Ms, add),
    row("CPU of that handler a request", "µs", ({ serverUs }) => serverUs, add),
  ];
}
