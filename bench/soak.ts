/**
 * Everything at once for as long as one likes: ingest, three workers, Redis with its log, GitHub and six receivers,
 * real processes under constant load, while something breaks every few seconds. Faults are chosen by the seed.
 *
 *   npm run soak -- --minutes 10 --rate 200 --seed 1
 *
 * Prints a line every 15 s, then a verdict for each claim; exit code 1 when one is broken.
 */

import { waitUntil } from "@hookline/testing";
import { nextFault, sleep } from "./soak/faults.ts";
import { countKeys, type KeyCounts, toGrowth } from "./soak/keys.ts";
import { type Answers, keepPosting, settleOpen } from "./soak/load.ts";
import { createRandom } from "./soak/random.ts";
import { SAMPLE_HEAD, type Sample, takeSample, toLine } from "./soak/samples.ts";
import { traceTasks } from "./soak/traces.ts";
import { type AtRest, judge, SETTLED_SECONDS } from "./soak/verdict.ts";
import { startWorld } from "./soak/world.ts";

const SAMPLE_MS = 15_000;
const LEAST_PAUSE_MS = 4000;
const PAUSE_SPREAD_MS = 8000;
const OPEN_MS = 8000;
const LAST_WAIT_MS = 120_000;
const CHANGE_MS = 1000;
/** Longer than idle connections are kept: 5 s by Node's servers. */
const REST_MS = 12_000;
/** So many, and more at a higher rate, that few requests find the same one waiting; few enough that all are soon known. */
const LEAST_REPOSITORIES = 100;

const minutes = option("minutes", 10);
const rate = option("rate", 200);
const seed = option("seed", 1);

console.log(`soak: ${minutes} min, ${rate} tasks/s, seed ${seed}, Node ${process.version}\n${SAMPLE_HEAD}`);
const world = await startWorld(Math.max(LEAST_REPOSITORIES, 2 * rate));
const samples: Sample[] = [];
const answers: Answers = new Map();
const keyCounts: KeyCounts[] = [];
const startedAt = performance.now();
const seconds = () => (performance.now() - startedAt) / 1000;
try {
  await print(await run());
} finally {
  await world.stop();
}

async function run(): Promise<AtRest> {
  const before = await takeSample(world, 0);
  const loading = new AbortController();
  const breaking = new AbortController();
  const over = new AbortController();
  const faults: string[] = [];
  const work = [
    keepPosting(world, rate, { random: createRandom(seed), signal: loading.signal, answers }),
    breakThings(createRandom(seed + 1), breaking.signal, faults),
    keepSampling(over.signal, faults),
    keepSettling(over.signal),
    keepChanging(createRandom(seed + 2), over.signal),
  ] as const;
  await sleep(minutes * 60_000);
  breaking.abort();
  await work[1];
  loading.abort();
  await work[0];
  keyCounts.push(await countKeys(world));
  const isSettled = () => world.ledger.open === 0;
  await waitUntil(isSettled, { what: "every task is settled", timeoutMs: LAST_WAIT_MS }).catch(() => undefined);
  over.abort();
  await Promise.all(work);
  await sleep(REST_MS);
  return { before, after: await takeSample(world, seconds()) };
}

/** One thing after the other, with pauses: what two at once do is not to be told apart. */
async function breakThings(random: () => number, signal: AbortSignal, faults: string[]): Promise<void> {
  while (!signal.aborted) {
    await sleep(LEAST_PAUSE_MS + random() * PAUSE_SPREAD_MS);
    if (signal.aborted) return;
    const fault = nextFault(world, random);
    faults.push(`${Math.round(seconds())} s ${fault.name}`);
    await fault.run();
  }
}

async function keepSampling(signal: AbortSignal, faults: string[]): Promise<void> {
  for (let next = SAMPLE_MS; !signal.aborted; next += SAMPLE_MS) {
    while (!signal.aborted && seconds() * 1000 < next) await sleep(100);
    const second = seconds();
    const sample = await takeSample(world, second);
    // What is measured after the load has ended says nothing of it.
    if (sample !== undefined && second <= minutes * 60 + 1) samples.push(sample);
    if (second >= SETTLED_SECONDS && keyCounts.length === 0) keyCounts.push(await countKeys(world));
    console.log(toLine(world, second, sample, faults.splice(0)));
  }
}

async function keepSettling(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await settleOpen(world, { openMs: OPEN_MS, most: 400 });
    await sleep(500);
  }
}

/** Repositories change, so that digests have news; the simulator forgets what it was asked. */
async function keepChanging(random: () => number, signal: AbortSignal): Promise<void> {
  for (let index = 0; !signal.aborted; index += 1) {
    const name = `r${Math.floor(random() * world.repositories)}`;
    world.github.addRepository({ owner: "octocat", name, stars: index, issues: [{ title: `Change ${index}` }] });
    world.github.resetLog();
    await sleep(CHANGE_MS);
  }
}

async function print(atRest: AtRest): Promise<void> {
  const verdicts = judge(world, samples, atRest);
  const { lost, openTasks, repeats } = world.ledger;
  const { user, system } = process.cpuUsage();
  console.log(`\nthis program used ${((user + system) / 1e6 / seconds()).toFixed(2)} cores`);
  console.log(`answers to posts: ${[...answers].map(([answer, count]) => `${count} × ${answer}`).join(", ")}`);
  const [base, end] = keyCounts;
  if (base !== undefined && end !== undefined) console.log(`keys: ${toGrowth(base, end)}`);
  process.stdout.write(await traceTasks(world, [...lost, ...openTasks, ...repeats.values()]));
  for (const { claim, found, holds } of verdicts) {
    const word = holds === undefined ? "–     " : holds ? "holds " : "BROKEN";
    console.log(`${word}  ${claim}: ${found}`);
  }
  if (verdicts.some(({ holds }) => holds === false)) process.exitCode = 1;
}

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number`);
  return value;
}
