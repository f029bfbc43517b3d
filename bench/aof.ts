/**
 * What an append-only file that reaches the disk every second risks and spares, beside one that does before every
 * answer: accepted tasks a second through ingest, and how many accepted tasks are gone after the Redis process was
 * killed under load. That is none with either: what a process has written is in the system's hands. The end of the
 * machine cannot be shown by a program; then the tasks of the last second (two at most, says Redis's manual) are gone.
 *
 *   npm run bench:aof [-- --json] [--runs 5] [--seconds 2]
 */
import { type Stack, startStack } from "../test/e2e/support/stack.ts";
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { createPoster, forEachAtOnce } from "./support/poster.ts";
import { type BenchRedis, withRedis } from "./support/redis.ts";

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 1;
const FAR_AHEAD = { SCHEDULE_INTERVAL: "86400000" };

type Fsync = "everysec" | "always";

await runBench({
  name: "aof",
  title: "Append-only file: every second beside before every answer",
  async measure({ runs, arguments: args }) {
    const seconds = Number(args.get("seconds") ?? 2);
    const speeds = await withRedis((redis) => compareSpeeds(redis, { runs, seconds }));
    const [everysec, always] = [await kill("everysec", seconds), await kill("always", seconds)];
    return [
      toSpeedRow(speeds),
      ...toLossRows("everysec", everysec, toFigure(speeds.everysec).median),
      ...toLossRows("always", always, 0),
    ];
  },
});

interface Speeds {
  readonly everysec: number[];
  readonly always: number[];
}

async function compareSpeeds(redis: BenchRedis, options: { runs: number; seconds: number }): Promise<Speeds> {
  const stack = await startStack({ redisUrl: redis.url, workers: 0, env: FAR_AHEAD });
  const speeds: Speeds = { everysec: [], always: [] };
  try {
    await load(stack, "warm-up", WARM_UP_SECONDS);
    for (let run = 0; run < options.runs; run += 1) {
      for (const fsync of ["everysec", "always"] as const) {
        await redis.client.config("SET", "appendfsync", fsync);
        const { accepted, seconds } = await load(stack, `${fsync}-${run}`, options.seconds);
        speeds[fsync].push(accepted.length / seconds);
      }
    }
  } finally {
    await stack.stop();
  }
  return speeds;
}

interface Load {
  readonly accepted: readonly string[];
  readonly seconds: number;
}

/** Posts tasks as fast as they are answered; what is refused or fails is not accepted, and that is all. */
async function load({ address }: Stack, name: string, seconds: number): Promise<Load> {
  const poster = createPoster(address, CONNECTIONS);
  const accepted: string[] = [];
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > seconds * 1000;
  await forEachAtOnce(countUntil(isOver), CONNECTIONS, async (index) => {
    const id = await poster.post({ username: "octocat", repository: `${name}-${index}` }).catch(() => undefined);
    if (id !== undefined) accepted.push(id);
  });
  const took = (performance.now() - startedAt) / 1000;
  await poster.close();
  return { accepted, seconds: took };
}

function* countUntil(isOver: () => boolean): Generator<number> {
  for (let index = 0; !isOver(); index += 1) yield index;
}

interface Loss {
  readonly accepted: number;
  readonly lost: number;
}

/** Kills Redis with -9 in the middle of the load, starts it again from its file and looks for every accepted task. */
function kill(fsync: Fsync, seconds: number): Promise<Loss> {
  return withRedis(
    async ({ url, server, client }) => {
      const stack = await startStack({ redisUrl: url, workers: 0, env: FAR_AHEAD });
      try {
        const loading = load(stack, fsync, seconds);
        await new Promise((resolve) => setTimeout(resolve, seconds * 500));
        await server.kill("SIGKILL");
        const { accepted } = await loading;
        await server.restart();
        const keys = accepted.map((id) => `${stack.env.QUEUE_PREFIX}:tasks:${id}`);
        const found = await client.exists(...keys);
        return { accepted: accepted.length, lost: accepted.length - found };
      } finally {
        await stack.stop();
      }
    },
    { isPersistent: true, config: { appendfsync: fsync } },
  );
}

function toSpeedRow({ everysec, always }: Speeds): Row {
  return {
    what: "accepted with always, beside everysec",
    value: toFigure(always),
    unit: "tasks/s",
    baseline: toFigure(everysec),
    ratio: toRatio(always, everysec),
    reach: "",
  };
}

function toLossRows(fsync: Fsync, { accepted, lost }: Loss, atStake: number): Row[] {
  const toRow = (what: string, count: number): Row => ({ what, value: toFigure([count]), unit: "tasks", reach: "" });
  return [
    toRow(`${fsync}, Redis killed: accepted`, accepted),
    { ...toRow(`${fsync}, Redis killed: lost`, lost), reach: "0", isReached: lost === 0 },
    toRow(`${fsync}, machine lost: accepted in the second at stake`, atStake),
  ];
}
