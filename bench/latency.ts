/**
 * How long a task takes from its POST to its receipt: 100 tasks a second at a steady pace, SCHEDULE_INTERVAL=0,
 * snapshots warm, one ingest and one worker. Beside it the same pace through the minimal ingest and the minimal worker,
 * which post the same bytes. Both stay up and are measured in turn.
 *
 *   npm run bench:latency [-- --json] [--runs 5] [--tasks 500] [--rate 100]
 */
import { quantile, type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { startMinimal } from "./support/minimal.ts";
import { type Load, measureLatencies, type Path } from "./support/pace.ts";
import { createPoster } from "./support/poster.ts";
import { withRedis } from "./support/redis.ts";
import { startSink } from "./support/sink.ts";
import { startWarmStack } from "./support/warm-stack.ts";

const MOST_P50_MS = 15;
const MOST_P99_RATIO = 3;
const WARM_UP_TASKS = 300;

/** Quantiles of each run, ms. */
interface Latencies {
  readonly p50: number[];
  readonly p99: number[];
}

await runBench({
  name: "latency",
  title: "Latency: from POST to receipt",
  measure({ runs, arguments: args }) {
    const load = { tasks: Number(args.get("tasks") ?? 500), rate: Number(args.get("rate") ?? 100) };
    return withRedis(({ url }) => compare(url, runs, load));
  },
});

async function compare(redisUrl: string, runs: number, load: Load): Promise<Row[]> {
  const sink = await startSink();
  const warm = await startWarmStack({ redisUrl, sink });
  const minimal = await startMinimal({ redisUrl, url: `${sink.url}/`, body: sink.lastBody });
  const poster = createPoster(minimal.address);
  const bare: Path = { sink, post: (index) => poster.post(warm.toTask(index)), toTaskId: (webhookId) => webhookId };
  const found: Record<"own" | "bare", Latencies> = { own: { p50: [], p99: [] }, bare: { p50: [], p99: [] } };
  const paths = [
    [warm, found.own],
    [bare, found.bare],
  ] as const;
  try {
    for (const [path] of paths) await measureLatencies(path, { ...load, tasks: WARM_UP_TASKS });
    for (let run = 0; run < runs; run += 1) {
      for (const [path, { p50, p99 }] of paths) {
        const latencies = await measureLatencies(path, load);
        p50.push(quantile(latencies, 0.5));
        p99.push(quantile(latencies, 0.99));
      }
    }
  } finally {
    await poster.close();
    await Promise.all([warm.stop(), minimal.stop()]);
    await sink.stop();
  }
  return toRows(found.own, found.bare, `${load.rate} tasks/s`);
}

function toRows(own: Latencies, bare: Latencies, pace: string): Row[] {
  const toRow = (name: "p50" | "p99") => ({
    what: `${pace}, ${name}`,
    value: toFigure(own[name]),
    unit: "ms",
    baseline: toFigure(bare[name]),
    ratio: toRatio(own[name], bare[name]),
  });
  const [p50, p99] = [toRow("p50"), toRow("p99")];
  return [
    { ...p50, reach: `≤ ${MOST_P50_MS} ms`, isReached: p50.value.median <= MOST_P50_MS },
    { ...p99, reach: `≤ ${MOST_P99_RATIO} ×`, isReached: p99.ratio.median <= MOST_P99_RATIO },
  ];
}
