/**
 * One of ten targets says "later", one hangs and one fails: what that costs the other seven, and whether the first is
 * left alone while it said so. Real processes: ingest and three workers. Each run is compared with one of the seven
 * alone and with one of ten good targets, which is as much work; all three alternate.
 *
 *   npm run bench:politeness [-- --json] [--runs 3]        five runs take longer than three minutes
 */
import { type Receiver, startReceiver, waitUntil } from "@hookline/testing";
import { type Stack, startStack } from "../test/e2e/support/stack.ts";
import { quantile, type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { withRedis } from "./support/redis.ts";

interface Run {
  /** From the post to the receipt at the seven good targets, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Requests that came while their target had said to wait. */
  readonly impolite: number;
  /** To the targets that say "later", hang and fail. */
  readonly requestsToBad: readonly number[];
}

type Setting = "seven" | "ten" | "bad";

const TASKS = 100;
/** The first ones meet processes that have compiled nothing yet: they are sent alike, and not counted. */
const WARM_UP = 20;
const GOOD = 7;
const BAD = ["later", "hanging", "failing"] as const;
const RETRY_AFTER_SECONDS = 5;
const POST_EVERY_MS = 50;

await runBench({
  name: "politeness",
  title: "Politeness: seven good targets beside one that says 429, one that hangs and one that fails",
  runs: 3,
  measure: ({ runs }) => withRedis(({ url }) => measureAll(url, runs)),
});

async function measureAll(redisUrl: string, runs: number): Promise<Row[]> {
  const found: Record<Setting, Run[]> = { seven: [], ten: [], bad: [] };
  for (let index = 0; index < runs; index += 1) {
    for (const setting of ["seven", "ten", "bad"] as const) found[setting].push(await measure(redisUrl, setting));
  }
  return toRows(found);
}

async function measure(redisUrl: string, setting: Setting): Promise<Run> {
  const count = setting === "seven" ? GOOD : GOOD + BAD.length;
  const receivers = await Promise.all(Array.from({ length: count }, () => startReceiver()));
  const [later, hanging, failing] = setting === "bad" ? receivers.slice(GOOD) : [];
  later?.respond({ status: 429, headers: { "retry-after": String(RETRY_AFTER_SECONDS) } });
  hanging?.respond({ hang: true });
  failing?.respond({ status: 500 });
  const targets = receivers.map(({ url }, index) => `  t${index}: { kind: webhook, url: "${url}/" }`);
  const stack = await startStack({
    redisUrl,
    workers: 3,
    project: `targets:\n${targets.join("\n")}\n`,
    env: { TARGET_TIMEOUT: "15000", CACHE_TTL: "600000", RESCHEDULE_INTERVAL: "5000", SHUTDOWN_TIMEOUT: "2500" },
  });
  try {
    return await post(stack, receivers, setting === "bad");
  } finally {
    await stack.stop();
    await Promise.all(receivers.map((receiver) => receiver.stop()));
  }
}

async function post(stack: Stack, receivers: readonly Receiver[], hasBadOnes: boolean): Promise<Run> {
  stack.github.addRepository({ owner: "octocat", name: "hello-world" });
  const targets = receivers.map((_, index) => `t${index}`);
  const good = receivers.slice(0, GOOD);
  const postedAt = await postSteadily(stack, targets);
  await waitUntil(() => good.every(({ received }) => received >= postedAt.size), {
    what: "all digests",
    timeoutMs: 60_000,
  });
  const warmUp = new Set([...postedAt.keys()].slice(0, WARM_UP));
  const latencies = good
    .flatMap(({ requests }) => requests.map(({ at, json }) => ({ at, id: (json as { id: string }).id })))
    .filter(({ id }) => !warmUp.has(id))
    .map(({ at, id }) => at - (postedAt.get(id) ?? at));
  return {
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    impolite: hasBadOnes ? countImpolite(receivers[GOOD]) : 0,
    requestsToBad: receivers.slice(GOOD).map(({ received }) => received),
  };
}

/** When each task was posted, by its id. */
async function postSteadily(stack: Stack, targets: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const postedAt = new Map<string, number>();
  for (let index = 0; index < WARM_UP + TASKS; index += 1) {
    const wait = new Promise((resolve) => setTimeout(resolve, POST_EVERY_MS));
    const at = Date.now();
    const task = await stack.post({ username: "octocat", repository: "hello-world", targets });
    postedAt.set(task.id, at);
    await wait;
  }
  return postedAt;
}

function countImpolite(receiver: Receiver | undefined): number {
  let until = 0;
  let count = 0;
  for (const { at } of receiver?.requests ?? []) {
    if (at < until) count += 1;
    until = Math.max(until, at + RETRY_AFTER_SECONDS * 1000);
  }
  return count;
}

function toRows({ seven, ten, bad }: Readonly<Record<Setting, readonly Run[]>>): Row[] {
  const compare = (beside: string, key: "p50" | "p99", baselines: readonly Run[]): Row => {
    const [values, others] = [bad.map((run) => run[key]), baselines.map((run) => run[key])];
    const what = `${key} of the seven beside three bad ones, baseline: ${beside}`;
    return {
      what,
      value: toFigure(values),
      unit: "ms",
      baseline: toFigure(others),
      ratio: toRatio(values, others),
      reach: "",
    };
  };
  const impolite = bad.reduce((sum, run) => sum + run.impolite, 0);
  return [
    {
      what: "requests while told to wait",
      value: toFigure([impolite]),
      unit: "",
      reach: "0",
      isReached: impolite === 0,
    },
    compare("ten good ones", "p50", ten),
    compare("ten good ones", "p99", ten),
    compare("seven alone", "p50", seven),
    compare("seven alone", "p99", seven),
    ...BAD.map((name, index) => ({
      what: `requests to the ${name} one, in all`,
      value: toFigure(bad.map(({ requestsToBad }) => requestsToBad[index] ?? 0)),
      unit: "",
      reach: "",
    })),
  ];
}
