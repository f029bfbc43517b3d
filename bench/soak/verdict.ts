import { toFigure } from "../support/bench.ts";
import type { Sample } from "./samples.ts";
import type { World } from "./world.ts";

export interface Verdict {
  readonly claim: string;
  readonly found: string;
  /** `undefined`: the run was too short to tell. */
  readonly holds: boolean | undefined;
}

/** Before, caches fill and nothing has been cleared away yet: what has ended is kept for 90 s. */
export const SETTLED_SECONDS = 120;
const LEAST_SAMPLES = 6;

/** What may grow so much between the two halves of the settled time: relative, and absolute for what is small. */
const LIMITS = [
  ["memory of ingest, MB", "ingestMb", 1.2, 20],
  ["memory of the largest worker, MB", "workerMb", 1.2, 30],
  ["Redis memory, MB", "redisMb", 1.15, 5],
  ["Redis keys", "redisKeys", 1.1, 500],
] as const satisfies readonly (readonly [string, keyof Sample, number, number])[];

/** Under load their number is that of the requests under way: what nobody closes shows when there are none. */
const SOCKETS = [
  ["ingest", "ingestSockets"],
  ["the worker with most", "workerSockets"],
] as const satisfies readonly (readonly [string, keyof Sample])[];
const MORE_SOCKETS = 10;

/** Two samples at rest: before the load, and after what it left behind is settled and idle connections are closed. */
export interface AtRest {
  readonly before: Sample | undefined;
  readonly after: Sample | undefined;
}

export function judge({ ledger, ingest, workers }: World, samples: readonly Sample[], atRest: AtRest): Verdict[] {
  const { accepted, delivered, unchanged, failures, open, lost, repeated, failed } = ledger;
  const reasons = [...failed].map(([code, count]) => `${count} ${code}`).join(", ") || "none";
  const crashes = [ingest, ...workers].reduce((sum, app) => sum + app.crashes, 0);
  return [
    {
      claim: "accepted = delivered + unchanged + failed with a reason",
      found: `${accepted} = ${delivered} + ${unchanged} + ${failures} (${reasons}); open ${open}, lost ${lost.length}`,
      holds: accepted === delivered + unchanged + failures && lost.length === 0 && !failed.has("none"),
    },
    {
      claim: "repeats are few (same webhook-id received twice)",
      found: `${repeated} of ${delivered}`,
      holds: repeated <= Math.max(20, delivered * 0.02),
    },
    { claim: "no process ended by itself", found: String(crashes), holds: crashes === 0 },
    ...SOCKETS.map(([what, name]) => toClosed(atRest, what, name)),
    ...LIMITS.map(([what, name, most, slack]) => toFlat(samples, what, { name, most, slack })),
  ];
}

function toClosed({ before, after }: AtRest, what: string, name: keyof Sample): Verdict {
  const claim = `sockets of ${what} at rest, before and after`;
  if (before === undefined || after === undefined) return { claim, found: "could not be counted", holds: undefined };
  return { claim, found: `${before[name]} → ${after[name]}`, holds: after[name] <= before[name] + MORE_SOCKETS };
}

function toFlat(
  samples: readonly Sample[],
  what: string,
  { name, most, slack }: { name: keyof Sample; most: number; slack: number },
): Verdict {
  const claim = `flat: ${what}`;
  const settled = samples.filter(({ second }) => second >= SETTLED_SECONDS);
  if (settled.length < LEAST_SAMPLES) return { claim, found: "too short a run to tell", holds: undefined };
  const values = settled.map((sample) => sample[name]);
  const middle = values.length >> 1;
  // A process that was just replaced is small: what its predecessors needed before counts too.
  const early = samples.slice(0, samples.length - settled.length).map((sample) => sample[name]);
  const first = Math.max(toFigure(values.slice(0, middle)).median, toFigure(early).median);
  const second = toFigure(values.slice(middle)).median;
  const found = `${Math.round(first)} → ${Math.round(second)} (${(second / first).toFixed(2)} ×, at most ${most} ×)`;
  return { claim, found, holds: second <= Math.max(first * most, first + slack) };
}
