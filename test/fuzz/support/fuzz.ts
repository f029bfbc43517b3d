import { randomInt } from "node:crypto";

/** `FUZZ_SEED` repeats a run; `FUZZ_SECONDS` is how long each fuzz takes, 30 unless set. */
const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));
const SECONDS = Number(process.env.FUZZ_SECONDS ?? 30);

/** Long enough for the last round and the clean-up. */
export const FUZZ_TIMEOUT_MS = SECONDS * 1000 + 60_000;

export interface Random {
  /** 0 to `end`, which is left out. */
  below(end: number): number;
  pick<T>(things: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
  /** Text of up to `most` characters, of the kinds that break things. */
  text(most: number): string;
}

/** Runs rounds with their own random numbers until the time is over, and says with which seed a round failed. */
export async function fuzz(title: string, round: (random: Random, n: number) => unknown): Promise<number> {
  console.log(`${title}: FUZZ_SEED=${SEED} FUZZ_SECONDS=${SECONDS}`);
  const end = performance.now() + SECONDS * 1000;
  let n = 0;
  for (; performance.now() < end; n += 1) {
    try {
      await round(createRandom(SEED + n * 7919), n);
    } catch (error) {
      throw new Error(`round ${n} of FUZZ_SEED=${SEED}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }
  console.log(`${title}: ${n} rounds`);
  return n;
}

/** Mulberry32: small, and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  const pick = <T>(things: readonly [T, ...T[]]): T => things[below(things.length)] ?? things[0];
  const text = (most: number) =>
    Array.from({ length: below(most + 1) }, () => pick(PIECES))
      .join("")
      .slice(0, most);
  return { below, pick, chance: (probability) => next() < probability, text };
}

const PIECES: readonly [string, ...string[]] = [
  ...([
    "a",
    "Z",
    "0",
    "-",
    "_",
    ".",
    " ",
    "/",
    "\\",
    '"',
    "'",
    "`",
    "\n",
    "\r",
    "\t",
    "\0",
    "\u001b[31m",
    "\u0007",
  ] as const),
  ...[
    "é",
    "𝒳",
    "👩‍👧",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\ud800",
    "\udfff",
    "\uffff",
    "%00",
    "%",
    "&",
    "<",
    ">",
  ],
  ...[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "1e999",
    "-0",
    "__proto__",
    "constructor",
    "${A}",
    "{{7*7}}",
    "../",
  ],
  ...["@everyone", "<!channel>", "<@U1>", "http://", "javascript:", "';--", "!!js", "&a", "*a", "9007199254740993"],
];

/** Longest that anything may take: ms of this process's own work, and ms by the clock, for which others are to blame too. */
const MOST_WORK_MS = 1000;
const MOST_WAIT_MS = 5000;

/** Runs `work` and throws when it takes too long. */
export async function inTime<T>(work: () => T | Promise<T>): Promise<T> {
  const [before, used] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  const [workMs, waitMs] = [(user + system) / 1000, performance.now() - before];
  if (workMs > MOST_WORK_MS || waitMs > MOST_WAIT_MS) throw new Error(`took ${workMs} ms of work, ${waitMs} ms in all`);
  return result;
}
