import type { Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import type { OpenQueue } from "./queues.ts";

export type Admission =
  | { readonly isAdmitted: true; release(): Promise<void> }
  | { readonly isAdmitted: false; readonly retryAfterMs: number };

/** An admission whose process died lapses after this many ms. */
const LAPSE_MS = 5000;
const SHORTEST_RETRY_MS = 1000;

/**
 * Counts what waits (delayed, waiting, prioritised, paused) and what other producers are just adding, and takes
 * a place when there is one: in one step, so that replicas of ingest cannot pass the limit together.
 */
const ADMIT = `
redis.call("ZREMRANGEBYSCORE", KEYS[5], "-inf", ARGV[3])
local waiting = redis.call("ZCARD", KEYS[1]) + redis.call("LLEN", KEYS[2]) + redis.call("ZCARD", KEYS[3])
  + redis.call("LLEN", KEYS[4]) + redis.call("ZCARD", KEYS[5])
if waiting >= tonumber(ARGV[1]) then
  local first = redis.call("ZRANGE", KEYS[1], 0, 0, "WITHSCORES")
  return { 0, first[2] or "0" }
end
redis.call("ZADD", KEYS[5], ARGV[4], ARGV[2])
return { 1, "0" }`;

/**
 * Asks for a place among at most `limit` waiting tasks. `release` is called once the task is added (or was not).
 *
 * @throws the connection's error when Redis is away.
 */
export async function admit(tasks: OpenQueue, keys: Keys, limit: number, id: string): Promise<Admission> {
  const { redis, queue } = tasks;
  const sets = ["delayed", "wait", "prioritized", "paused"].map((state) => queue.toKey(state));
  const now = Date.now();
  const reply = await redis.eval(ADMIT, 5, ...sets, keys.admissions, limit, id, now, now + LAPSE_MS);
  const [isAdmitted, score] = reply as [number, string];
  if (isAdmitted === 1) return { isAdmitted: true, release: () => release(redis, keys, id) };
  const nextDueAt = Math.floor(Number(score) / 0x1000);
  return { isAdmitted: false, retryAfterMs: Math.max(nextDueAt - now, SHORTEST_RETRY_MS) };
}

async function release(redis: RedisConnection, keys: Keys, id: string): Promise<void> {
  await redis.zrem(keys.admissions, id);
}
