/**
 * How late a task starts that is due at T, while 100,000 others wait for a day that is far ahead. "Starts" is when a
 * worker took its job: BullMQ's own note in the job (`processedOn`), on the worker's clock. The tasks are due one by one
 * at a steady pace; how late those start that are all due at once only informs.
 *
 *   npm run bench:delay [-- --json] [--runs 5] [--waiting 100000]
 */
import { Queue } from "bullmq";
import { quantile, type Row, runBench, toFigure } from "./support/bench.ts";
import { withRedis } from "./support/redis.ts";
import { startSink } from "./support/sink.ts";
import { startWarmStack, WARM_REPOSITORIES, type WarmStack } from "./support/warm-stack.ts";

const DAY_MS = 86_400_000;
const MOST_P99_MS = 100;
/** Each of another repository: while one waits, the same request is no new task. */
const DUE_TASKS = WARM_REPOSITORIES;
const DUE_EVERY_MS = 10;
const AT_ONCE_TASKS = 50;
/** Enough to post all of a run before the first is due. */
const LEAD_MS = 2000;

await runBench({
  name: "delay",
  title: "Delay: how late a task due at T starts",
  measure({ runs, arguments: args }) {
    const waiting = Number(args.get("waiting") ?? 100_000);
    return withRedis(async ({ url }) => {
      const sink = await startSink();
      const warm = await startWarmStack({ redisUrl: url, sink });
      const queue = new Queue("tasks", { connection: { url }, prefix: warm.stack.env.QUEUE_PREFIX ?? "" });
      try {
        return await measure(warm, queue, { runs, waiting });
      } finally {
        await queue.close();
        await warm.stop();
        await sink.stop();
      }
    });
  },
});

async function measure(warm: WarmStack, queue: Queue, { runs, waiting }: { runs: number; waiting: number }) {
  const lateness = (everyMs: number, count: number) => measureLateness(warm, queue, { everyMs, count });
  await lateness(DUE_EVERY_MS, DUE_TASKS);
  const alone: number[][] = [];
  for (let run = 0; run < runs; run += 1) alone.push(await lateness(DUE_EVERY_MS, DUE_TASKS));
  await fill(warm, waiting);
  const paced: number[][] = [];
  const atOnce: number[][] = [];
  for (let run = 0; run < runs; run += 1) {
    paced.push(await lateness(DUE_EVERY_MS, DUE_TASKS));
    atOnce.push(await lateness(0, AT_ONCE_TASKS));
  }
  return toRows({ alone, paced, atOnce }, waiting);
}

async function fill({ poster }: WarmStack, waiting: number): Promise<void> {
  const toTask = (_: unknown, index: number) => ({
    username: "octocat",
    repository: `waiting-${index}`,
    scheduleInterval: DAY_MS + index,
  });
  await poster.postBatches(Array.from({ length: waiting }, toTask));
}

/** @returns ms of each task from when it was due to when a worker took it. */
async function measureLateness(
  { sink, poster, toTask }: WarmStack,
  queue: Queue,
  { everyMs, count }: { everyMs: number; count: number },
): Promise<number[]> {
  sink.reset();
  const first = Date.now() + LEAD_MS;
  const toDue = (_: unknown, index: number) => ({
    ...toTask(index),
    runAt: new Date(first + index * everyMs).toISOString(),
  });
  const tasks = Array.from({ length: count }, toDue);
  const ids = await poster.postBatches(tasks);
  await sink.untilArrived(count);
  return Promise.all(
    ids.map(async (id, index) => {
      const job = await queue.getJob(id);
      return (job?.processedOn ?? Number.NaN) - Date.parse(tasks[index]?.runAt ?? "");
    }),
  );
}

function toRows(
  { alone, paced, atOnce }: Record<"alone" | "paced" | "atOnce", readonly (readonly number[])[]>,
  waiting: number,
): Row[] {
  const toQuantile = (runs: readonly (readonly number[])[], p: number) =>
    toFigure(runs.map((values) => quantile(values, p)));
  const others = `${waiting.toLocaleString("en-US")} others waiting`;
  const p99 = toQuantile(paced, 0.99);
  const shared = { unit: "ms", reach: "" };
  return [
    {
      ...shared,
      what: `p99, ${others}`,
      value: p99,
      reach: `≤ ${MOST_P99_MS} ms`,
      isReached: p99.median <= MOST_P99_MS,
    },
    { ...shared, what: `p50, ${others}`, value: toQuantile(paced, 0.5) },
    { ...shared, what: "p99, no others waiting", value: toQuantile(alone, 0.99) },
    { ...shared, what: `p99 of ${AT_ONCE_TASKS} due at once, ${others}`, value: toQuantile(atOnce, 0.99) },
  ];
}
