import { DAY_MS, type Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import type { OpenQueue } from "./queues.ts";
import { defineScript, runScript } from "./script.ts";

/** How long a delivery may wait for its target, its message for the delivery, and its entry here for both. */
export const LONGEST_WAIT_MS = 60 * DAY_MS;

/** A delivery as the index knows it. */
export interface IndexedDelivery {
  /** The entry as text: its place among all, and a page's cursor. */
  readonly entry: string;
  readonly id: string;
  /** When its job was made, ms since the epoch. */
  readonly createdAt: number;
  /** See `toTargetKey`. */
  readonly targetKey: string;
}

/** Deliveries made from `since` on and before `until` (ms since the epoch). */
export interface DeliveryRange {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface IndexQuery extends DeliveryRange {
  readonly order: "newest_first" | "oldest_first";
  readonly count: number;
  /** The entry that the page before ended with. */
  readonly after?: string | undefined;
}

const TIME_DIGITS = 12;

/**
 * An entry is the time in hexadecimal, then the id. The time is the one that the job has: it is the same however often
 * the job is added, and an entry whose time is another belongs to a job that is gone. ARGV: the oldest time kept, the
 * time of jobs that are only just being added, the ids.
 */
const ADD = defineScript(`
for i = 2, #KEYS do
  local createdAt = redis.call("HGET", KEYS[i], "timestamp") or ARGV[2]
  redis.call("ZADD", KEYS[1], 0, string.format("%0${TIME_DIGITS}x", createdAt) .. ARGV[i + 1])
end
redis.call("ZREMRANGEBYLEX", KEYS[1], "-", "(" .. ARGV[1])
return 1`);

/**
 * Lists deliveries whose jobs are added, or are being added with `timestamp`; doing so again changes nothing. Entries
 * older than 60 days go.
 */
export async function indexDeliveries(
  { queue, redis }: OpenQueue,
  keys: Keys,
  deliveryIds: readonly string[],
  timestamp: number,
): Promise<void> {
  const names = [keys.deliveryIndex, ...deliveryIds.map((id) => queue.toKey(id))];
  await runScript(redis, ADD, names, toTime(Date.now() - LONGEST_WAIT_MS), timestamp, ...deliveryIds);
}

/** The next entries of a range, whether their jobs are still kept or not. */
export async function readDeliveryIndex(
  redis: RedisConnection,
  keys: Keys,
  query: IndexQuery,
): Promise<IndexedDelivery[]> {
  const [first, last] = toBounds(query);
  const page = ["LIMIT", 0, query.count] as const;
  const entries =
    query.order === "newest_first"
      ? await redis.zrevrangebylex(keys.deliveryIndex, last, first, ...page)
      : await redis.zrangebylex(keys.deliveryIndex, first, last, ...page);
  return entries.map(toIndexed);
}

/** Drops entries whose jobs are gone. */
export async function forgetDeliveries(
  redis: RedisConnection,
  keys: Keys,
  gone: readonly IndexedDelivery[],
): Promise<void> {
  if (gone.length > 0) await redis.zrem(keys.deliveryIndex, ...gone.map(({ entry }) => entry));
}

/** A page begins behind the entry that the one before ended with, unless the range ends there first. */
function toBounds({ since, until, after, order }: IndexQuery): [first: string, last: string] {
  const first = since === undefined ? "-" : `[${toTime(since)}`;
  const last = until === undefined ? "+" : `(${toTime(until)}`;
  if (after === undefined) return [first, last];
  if (order === "newest_first") return [first, until !== undefined && toTime(until) < after ? last : `(${after}`];
  return [since !== undefined && toTime(since) > after ? first : `(${after}`, last];
}

function toTime(ms: number): string {
  return Math.max(0, ms).toString(16).padStart(TIME_DIGITS, "0");
}

function toIndexed(entry: string): IndexedDelivery {
  return {
    entry,
    id: entry.slice(TIME_DIGITS),
    createdAt: Number.parseInt(entry.slice(0, TIME_DIGITS), 16),
    targetKey: entry.slice(-8),
  };
}
