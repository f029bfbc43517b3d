import { randomFillSync } from "node:crypto";
import { ORDER_DIGITS } from "@hookline/contracts";

/** What a task's id is made from, or the ids of a batch. */
export interface Seed {
  /** ms since the epoch. */
  readonly at: number;
  /** Hexadecimal digits that order the seeds of one millisecond. */
  readonly random: string;
}

/**
 * Makes seeds that grow: whoever is accepted later has the greater id, also within a millisecond and when the clock
 * is set back. A millisecond begins at random and is counted on, so that processes do not meet.
 */
export function createSeeds(now: () => number = Date.now, first: () => bigint = randomStart): () => Seed {
  let at = 0;
  let order = 0n;
  return () => {
    const time = now();
    order = time > at ? first() : order + 1n;
    at = Math.max(at, time);
    return { at, random: order.toString(16).padStart(ORDER_DIGITS, "0") };
  };
}

/** One bit less than there is room for, so that counting on cannot run over. */
function randomStart(): bigint {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.readBigUInt64BE(used);
  used += 8;
  return random >> BigInt(64 - 4 * ORDER_DIGITS + 1);
}

/** Random bytes got at once: asking for them costs more than they do. */
const pool = Buffer.alloc(1024);
let used = pool.length;

/** The process's own: its ids grow in the order in which they are made. */
export const newSeed = createSeeds();
