/**
 * One of ten targets says "later", one hangs and one fails: what that costs the other seven, and whether the first is
 * left alone while it said so. Real processes: ingest and three workers. Each run is compared with one of the seven
 * alone and with one of ten good targets, which is as much work; all three alternate.
 *
 *   npm run bench:politeness [-- --json] [--runs 5]
 */

import { startEmbeddedRedis } from "@hookline/embedded-redis";
import { type Receiver, startReceiver, waitUntil } from "@hookline/testing";
import { type Stack, startStack } from "../test/e2e/support/stack.ts";

interface Run {
  /** From the post to the receipt at the seven good targets, ms. */
  readonly p50: number;
  readonly p99: number;
  readonly deliveries: number;
  /** Requests that came while their target had said to wait. */
  readonly impolite: number;
  readonly requestsToBad: readonly number[];
}

const TASKS = 100;
/** The first ones meet processes that have compiled nothing yet: they are sent alike, and not counted. */
const WARM_UP = 20;
const GOOD = 7;
const RETRY_AFTER_SECONDS = 5;
const POST_EVERY_MS = 50;
const runs = Number(process.argv[process.argv.indexOf("--runs") + 1] || 5);

const redis = await startEmbeddedRedis({ directory: ".hookline", persistent: false });
try {
  const results: Results = { seven: [], ten: [], bad: [] };
  for (let index = 0; index < runs; index += 1) {
    results.seven.push(await measure(GOOD, false));
    results.ten.push(await measure(GOOD + 3, false));
    results.bad.push(await measure(GOOD + 3, true));
  }
  print(results);
} finally {
  await redis.stop();
}

async function measure(count: number, hasBadOnes: boolean): Promise<Run> {
  const receivers = await Promise.all(Array.from({ length: count }, () => startReceiver()));
  const [later, hanging, failing] = hasBadOnes ? receivers.slice(GOOD) : [];
  later?.respond({ status: 429, headers: { "retry-after": String(RETRY_AFTER_SECONDS) } });
  hanging?.respond({ hang: true });
  failing?.respond({ status: 500 });
  const targets = receivers.map(({ url }, index) => `  t${index}: { kind: webhook, url: "${url}/" }`);
  const stack = await startStack({
    redisUrl: redis.url,
    workers: 3,
    project: `targets:\n${targets.join("\n")}\n`,
    env: { TARGET_TIMEOUT: "15000", CACHE_TTL: "600000", RESCHEDULE_INTERVAL: "5000", SHUTDOWN_TIMEOUT: "2500" },
  });
  try {
    return await post(stack, receivers, hasBadOnes);
  } finally {
    await stack.stop();
    await Promise.all(receivers.map((receiver) => receiver.stop()));
  }
}

async function post(stack: Stack, receivers: readonly Receiver[], hasBadOnes: boolean): Promise<Run> {
  stack.github.addRepository({ owner: "octocat", name: "hello-world" });
  const names = receivers.map((_, index) => `t${index}`);
  const good = receivers.slice(0, GOOD);
  const postedAt = new Map<string, number>();
  const send = async () => {
    const at = Date.now();
    const task = await stack.post({ username: "octocat", repository: "hello-world", targets: names });
    postedAt.set(task.id, at);
  };
  for (let index = 0; index < WARM_UP + TASKS; index += 1) {
    const wait = new Promise((resolve) => setTimeout(resolve, POST_EVERY_MS));
    await send();
    await wait;
  }
  await waitUntil(() => good.every(({ received }) => received >= postedAt.size), {
    what: "all digests",
    timeoutMs: 60_000,
  });
  const warmUp = new Set([...postedAt.keys()].slice(0, WARM_UP));
  const latencies = good
    .flatMap(({ requests }) => requests.map(({ at, json }) => ({ at, id: (json as { id: string }).id })))
    .filter(({ id }) => !warmUp.has(id))
    .map(({ at, id }) => at - (postedAt.get(id) ?? at))
    .sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    p50: at(0.5),
    p99: at(0.99),
    deliveries: postedAt.size * receivers.length,
    impolite: hasBadOnes ? countImpolite(receivers[GOOD]) : 0,
    requestsToBad: receivers.slice(GOOD).map(({ received }) => received),
  };
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

interface Results {
  readonly seven: Run[];
  readonly ten: Run[];
  readonly bad: Run[];
}

function print({ seven, ten, bad }: Results): void {
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const p99 = (list: readonly Run[]) => median(list.map((run) => run.p99));
  const row = (name: string, list: Run[]) => ({
    run: name,
    deliveries: median(list.map(({ deliveries }) => deliveries)),
    "p50 ms": median(list.map(({ p50 }) => p50)),
    "p99 ms": p99(list),
    "p99 spread": `${Math.min(...list.map((run) => run.p99))}–${Math.max(...list.map((run) => run.p99))}`,
    "requests while told to wait": list.reduce((sum, { impolite }) => sum + impolite, 0),
    "requests to the other three": list[0]?.requestsToBad.join(" / ") ?? "",
  });
  const rows = [row("seven alone", seven), row("ten good ones", ten), row("three of ten: 429, hanging, 500", bad)];
  const ratios = { toSevenAlone: p99(bad) / p99(seven), toTenGood: p99(bad) / p99(ten) };
  if (process.argv.includes("--json")) console.log(JSON.stringify({ rows, p99Ratios: ratios }, null, 2));
  else {
    console.table(rows);
    console.log(`p99 of the seven with three bad ones: ${ratios.toSevenAlone.toFixed(2)} × of what it is alone,`);
    console.log(`${ratios.toTenGood.toFixed(2)} × of what it is beside three good ones`);
  }
}
