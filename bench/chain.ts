/**
 * Tasks a second from POST to receipt with 1, 2 and 4 worker replicas: real processes, a receiver that takes 50 ms, a
 * GitHub that takes 20 ms a request; one repository in three is unchanged since its last collection (304s), the others
 * are new. All tasks of a run are posted at once; it lasts from the first POST to the last receipt.
 *
 * A replica may do little at once here, so that one alone is held up by waiting and not by the cores: what is measured
 * is whether replicas add up. What they do with the default concurrency, and how full the cores are, only informs.
 * There are several targets, each with room for more requests than all replicas can make, so that no lane is the limit.
 *
 *   npm run bench:chain [-- --json] [--runs 5] [--tasks 90] [--concurrency tasks=2,deliveries=4]
 */
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { type ChainRun, runChain } from "./support/chain-run.ts";
import { type BenchRedis, withRedis } from "./support/redis.ts";

const REPLICAS = [1, 2, 4] as const;
const CONCURRENCY = "tasks=2,deliveries=4";
/** Tasks a replica, so that a run takes as long with one as with four. */
const TASKS = 90;
const LEAST_RATIO: ReadonlyMap<number, number> = new Map([
  [2, 1.9],
  [4, 3],
]);

await runBench({
  name: "chain",
  title: "Chain: tasks per second from POST to receipt",
  measure: ({ runs, arguments: args }) => {
    const concurrency = args.get("concurrency") ?? CONCURRENCY;
    return withRedis((redis) => measure(redis, { runs, concurrency, tasks: Number(args.get("tasks") ?? TASKS) }));
  },
});

type Runs = ReadonlyMap<number, ChainRun[]>;

interface Options {
  readonly runs: number;
  readonly concurrency: string;
  readonly tasks: number;
}

async function measure(redis: BenchRedis, { runs, concurrency, tasks }: Options): Promise<Row[]> {
  const limited: Runs = new Map(REPLICAS.map((replicas) => [replicas, []]));
  const full: Runs = new Map(REPLICAS.map((replicas) => [replicas, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [replicas, found] of limited) {
      found.push(await runChain(redis, { replicas, concurrency, tasks: tasks * replicas }));
    }
  }
  for (const [replicas, found] of full) found.push(await runChain(redis, { replicas, tasks: 2 * tasks }));
  return [
    ...REPLICAS.flatMap((replicas) => toRows(limited, replicas, concurrency)),
    ...REPLICAS.flatMap((replicas) => toRows(full, replicas)),
  ];
}

function toRows(runs: Runs, replicas: number, concurrency?: string): Row[] {
  const found = runs.get(replicas) ?? [];
  const what = `${replicas} × worker, ${concurrency ?? "default concurrency"}`;
  const isFull = { what: `${what}: machine busy`, value: toFigure(found.map(toBusyPercent)), unit: "%", reach: "" };
  const own = { what: `${what}: cores used by Hookline`, value: toFigure(found.map(toOwnCores)), unit: "", reach: "" };
  return [{ what, ...toSpeed(runs, replicas), ...toReach(runs, replicas, concurrency) }, isFull, own];
}

function toSpeed(runs: Runs, replicas: number): Pick<Row, "value" | "unit" | "baseline" | "ratio"> {
  const speeds = toSpeeds(runs, replicas);
  const alone = toSpeeds(runs, 1);
  const value = { value: toFigure(speeds), unit: "tasks/s" };
  return replicas === 1 ? value : { ...value, baseline: toFigure(alone), ratio: toRatio(speeds, alone) };
}

/** Only where one replica is held up by waiting can several be told to add up. */
function toReach(runs: Runs, replicas: number, concurrency: string | undefined): Pick<Row, "reach" | "isReached"> {
  const least = concurrency === undefined ? undefined : LEAST_RATIO.get(replicas);
  if (least === undefined) return { reach: "" };
  const isReached = toRatio(toSpeeds(runs, replicas), toSpeeds(runs, 1)).median >= least;
  return { reach: `≥ ${least} ×`, isReached };
}

function toSpeeds(runs: Runs, replicas: number): number[] {
  return (runs.get(replicas) ?? []).map(({ tasksPerSecond }) => tasksPerSecond);
}

function toBusyPercent({ cpu }: ChainRun): number {
  return cpu.machineShare * 100;
}

/** Ingest, workers and Redis, without what stands for GitHub and the receiver. */
function toOwnCores({ cpu }: ChainRun): number {
  const { "GitHub and receiver": _outside, ...own } = cpu.cores;
  return Object.values(own).reduce((sum, cores) => sum + cores, 0);
}
