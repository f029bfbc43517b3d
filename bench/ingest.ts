/**
 * Accepted `POST /tasks` per second of the real ingest process, everything on, beside Express that parses the body,
 * answers 202 and does nothing else, and beside an Express handler that only adds a job.
 *
 *   npm run bench:ingest [-- --json] [--runs 5] [--seconds 4]
 */
import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { type BenchOptions, quantile, type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { type Contender, startContender } from "./support/contender.ts";
import { type LoadGenerator, startLoadGenerator } from "./support/load.ts";
import { readCpuSeconds } from "./support/process-stats.ts";

const CONNECTIONS = 32;
const BODY = JSON.stringify({ username: "octocat", repository: "[<id>]" });
const DEFAULT_SECONDS = 4;
/** Within a run they take turns too: what else the machine does comes and goes in seconds, and meets all alike. */
const TURN_SECONDS = 1;
/** The compiler has seen enough by then, however slow the machine. */
const WARM_UP_REQUESTS = 10_000;
const LONGEST_WARM_UP_MS = 10_000;
/** Nothing becomes due while we measure. */
const INTERVAL_MS = "86400000";
const DIRECTORY = resolve(".hookline", "bench-ingest");
const toPath = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** The order in which they take turns; `express` is the baseline. */
const names = ["express", "ingest", "queue.add"] as const;
type Name = (typeof names)[number];

/** Sums over the turns of a run. */
interface Run {
  readonly latenciesMs: readonly number[];
  readonly seconds: number;
  /** CPU time, µs: of the server, of Redis, of the load generator. */
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
  for (const name of names) await warmUp(stage, name);
  for (let index = 0; index < runs; index += 1) {
    const turns: Record<Name, Run[]> = { express: [], ingest: [], "queue.add": [] };
    for (let left = seconds; left > 0; left -= TURN_SECONDS) {
      for (const name of names) turns[name].push(await takeTurn(stage, name));
    }
    for (const name of names) found[name].push(sum(turns[name]));
  }
  return found;
}

async function warmUp(stage: Stage, name: Name): Promise<void> {
  const endsAt = performance.now() + LONGEST_WARM_UP_MS;
  let accepted = 0;
  while (accepted < WARM_UP_REQUESTS && performance.now() < endsAt) {
    accepted += (await takeTurn(stage, name)).latenciesMs.length;
  }
}

async function takeTurn({ contenders, load, redis }: Stage, name: Name): Promise<Run> {
  const { url, pid } = contenders[name];
  const readBoth = () => [readCpuSeconds(pid ?? 0) * 1_000_000, readCpuSeconds(redis.pid ?? 0) * 1_000_000] as const;
  const [serverBefore, redisBefore] = readBoth();
  const result = await load.run({ url, seconds: TURN_SECONDS, connections: CONNECTIONS, body: BODY });
  const [serverAfter, redisAfter] = readBoth();
  const { latenciesMs, seconds, cpuUs } = result;
  return {
    latenciesMs,
    seconds,
    serverUs: serverAfter - serverBefore,
    redisUs: redisAfter - redisBefore,
    loadUs: cpuUs,
  };
}

function sum(turns: readonly Run[]): Run {
  const total = (pick: (turn: Run) => number) => turns.reduce((all, turn) => all + pick(turn), 0);
  return {
    latenciesMs: turns.flatMap(({ latenciesMs }) => latenciesMs),
    seconds: total(({ seconds }) => seconds),
    serverUs: total(({ serverUs }) => serverUs),
    redisUs: total(({ redisUs }) => redisUs),
    loadUs: total(({ loadUs }) => loadUs),
  };
}

function toRate({ latenciesMs, seconds }: Run): number {
  return latenciesMs.length / seconds;
}

function toQuantile(p: number): (run: Run) => number {
  return ({ latenciesMs }) => quantile(latenciesMs, p);
}

function toCpu(process: "serverUs" | "redisUs" | "loadUs"): (run: Run) => number {
  return (run) => run[process] / run.latenciesMs.length;
}

function toRows({ express, ingest, "queue.add": add }: Readonly<Record<Name, Run[]>>): readonly Row[] {
  const row = (what: string, unit: string, { pick, of = ingest }: { pick: (run: Run) => number; of?: Run[] }) => {
    const [own, baseline] = [of.map(pick), express.map(pick)];
    return { what, value: toFigure(own), unit, baseline: toFigure(baseline), ratio: toRatio(own, baseline), reach: "" };
  };
  const rate = row("accepted", "/s", { pick: toRate });
  const p99 = row("p99", "ms", { pick: toQuantile(0.99) });
  return [
    { ...rate, reach: "≥ 1.0 ×", isReached: rate.ratio.median >= 1 },
    { ...p99, reach: "≤ 2 ×", isReached: p99.ratio.median <= 2 },
    row("p50", "ms", { pick: toQuantile(0.5) }),
    row("CPU of the server a request", "µs", { pick: toCpu("serverUs") }),
    { what: "CPU of Redis a request", value: toFigure(ingest.map(toCpu("redisUs"))), unit: "µs", reach: "" },
    row("CPU of the load generator a request", "µs", { pick: toCpu("loadUs") }),
    row("Express handler with queue.add: accepted", "/s", { pick: toRate, of: add }),
    row("the same: p99", "ms", { pick: toQuantile(0.99), of: add }),
    row("the same: CPU a request", "µs", { pick: toCpu("serverUs"), of: add }),
  ];
}
