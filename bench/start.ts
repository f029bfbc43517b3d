/**
 * How long a process takes from its start to the first 200 of `/readyz`: `node dist/main.js` of ingest and of a worker,
 * asked every 5 ms, beside a Node that only opens a port.
 *
 *   npm run bench:start [-- --json] [--runs 9]
 */
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { freePort, spawnNode } from "@hookline/testing";
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { readCpuSeconds } from "./support/process-stats.ts";
import { withRedis } from "./support/redis.ts";

const POLL_MS = 5;
const TIMEOUT_MS = 30_000;
const MOST_MS = 1000;
const BARE = "require('node:http').createServer((_, response) => response.end()).listen(process.env.PORT, '127.0.0.1')";

type App = "ingest" | "worker";

/** From the start of a process until it was ready. */
interface Start {
  readonly ms: number;
  /** ms of a core that it used meanwhile: what stays the same where others keep the cores busy. */
  readonly cpuMs: number;
}

await runBench({
  name: "start",
  title: "Start: from `node` to /readyz 200",
  runs: 7,
  measure: ({ runs }) => withRedis(({ url }) => measure(url, runs)),
});

async function measure(redisUrl: string, runs: number): Promise<Row[]> {
  const starts: Record<App | "bare", Start[]> = { bare: [], ingest: [], worker: [] };
  for (let run = 0; run < runs; run += 1) {
    starts.bare.push(await measureStart(["--eval", BARE], redisUrl));
    starts.ingest.push(await measureStart([toMain("ingest")], redisUrl));
    starts.worker.push(await measureStart([toMain("worker")], redisUrl));
  }
  return (["ingest", "worker"] as const).flatMap((app) => toRows(app, starts[app], starts.bare));
}

function toRows(app: App, starts: readonly Start[], bare: readonly Start[]): Row[] {
  const compare = (what: string, key: keyof Start) => {
    const [values, baselines] = [starts.map((start) => start[key]), bare.map((start) => start[key])];
    return {
      what,
      value: toFigure(values),
      unit: "ms",
      baseline: toFigure(baselines),
      ratio: toRatio(values, baselines),
    };
  };
  const whole = compare(app, "ms");
  return [
    { ...whole, reach: "≤ 1 s", isReached: whole.value.median <= MOST_MS },
    { ...compare(`${app}, of that CPU time`, "cpuMs"), reach: "" },
  ];
}

function toMain(app: App): string {
  return fileURLToPath(new URL(`../apps/${app}/dist/main.js`, import.meta.url));
}

async function measureStart(args: string[], redisUrl: string): Promise<Start> {
  const port = String(await freePort());
  const env = { REDIS_URL: redisUrl, PORT: port, WORKER_PORT: port, WEBHOOK_URL: "http://127.0.0.1:9/" };
  const startedAt = performance.now();
  const app = spawnNode({ args, env });
  try {
    while (!(await isReady(port))) {
      if (performance.now() - startedAt > TIMEOUT_MS) throw new Error(`${args[0]} is not ready:\n${app.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return { ms: performance.now() - startedAt, cpuMs: readCpuSeconds(app.pid ?? 0) * 1000 };
  } finally {
    await app.stop();
  }
}

/** Not `fetch`: its first call alone takes 20 ms and more of the time measured. */
function isReady(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port, path: "/readyz", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once("error", () => resolve(false)).end();
  });
}
