/**
 * Whether ingest and worker grow: what they hold after 5,000 tasks and after many more went through the whole chain
 * (snapshots warm, a receiver that answers at once), each time after their garbage was collected.
 *
 *   npm run bench:process-memory [-- --json] [--tasks 100000]
 */
import { type Row, runBench, toFigure } from "./support/bench.ts";
import { DEBUGGER_ENV, type Memory, readLiveMemory } from "./support/live-memory.ts";
import { forEachAtOnce } from "./support/poster.ts";
import { withRedis } from "./support/redis.ts";
import { type Sink, startSink } from "./support/sink.ts";
import { startWarmStack, WARM_REPOSITORIES, type WarmStack } from "./support/warm-stack.ts";

const FIRST_TASKS = 5000;
const DEFAULT_TASKS = 100_000;
const MOST_RATIO = 1.1;
/** Less than there are repositories: the same request must not wait twice. */
const UNDER_WAY = WARM_REPOSITORIES / 4;

await runBench({
  name: "process-memory",
  title: "Memory: each process over many tasks",
  runs: 1,
  measure: ({ arguments: args }) => {
    const tasks = Number(args.get("tasks") ?? DEFAULT_TASKS);
    return withRedis(async ({ url }) => {
      const sink = await startSink();
      const warm = await startWarmStack({ redisUrl: url, sink, env: DEBUGGER_ENV });
      try {
        return await measure(warm, sink, tasks);
      } finally {
        await warm.stop();
        await sink.stop();
      }
    });
  },
});

async function measure({ stack, post }: WarmStack, sink: Sink, tasks: number): Promise<Row[]> {
  const { ingest, workers } = stack;
  const [worker] = workers;
  if (worker === undefined) throw new Error("there is no worker");
  const read = async () => ({ ingest: await readLiveMemory(ingest), worker: await readLiveMemory(worker) });
  await run(post, sink, FIRST_TASKS);
  const before = await read();
  await run(post, sink, tasks - FIRST_TASKS);
  const after = await read();
  const what = `${tasks.toLocaleString("en-US")} tasks beside ${FIRST_TASKS.toLocaleString("en-US")}`;
  return (["ingest", "worker"] as const).flatMap((app) => toRows(`${app}, ${what}`, after[app], before[app]));
}

async function run(post: WarmStack["post"], sink: Sink, count: number): Promise<void> {
  sink.reset();
  // A place is free again when the task has arrived, so that no more than so many are between POST and receipt.
  const tasks = Array.from({ length: count }, (_, index) => index);
  let posted = 0;
  await forEachAtOnce(tasks, UNDER_WAY / 2, async (index) => {
    await sink.untilArrived(posted - UNDER_WAY);
    posted += 1;
    await post(index);
  });
  await sink.untilArrived(count);
}

function toRows(what: string, after: Memory, before: Memory): Row[] {
  const compare = (name: string, key: keyof Memory) => {
    const [value, baseline] = [toFigure([after[key] / 2 ** 20]), toFigure([before[key] / 2 ** 20])];
    return { what: `${what}, ${name}`, value, unit: "MiB", baseline, ratio: toFigure([after[key] / before[key]]) };
  };
  const heap = compare("heap", "heap");
  const isReached = heap.ratio.median <= MOST_RATIO;
  return [
    { ...heap, reach: `≤ ${MOST_RATIO} ×`, isReached },
    { ...compare("resident", "resident"), reach: "" },
  ];
}
