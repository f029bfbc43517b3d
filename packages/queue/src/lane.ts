import { DAY_MS, type Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";

/** What all replicas know of a target. Times are ms since the epoch. */
export interface LaneState {
  readonly disabled: { readonly at: number; readonly reason: string } | undefined;
  readonly pausedUntil: number | undefined;
  readonly pauseReason: string | undefined;
}

/** The longest pause a target can ask for: `Retry-After` is capped here. */
export const LONGEST_PAUSE_MS = DAY_MS;

export async function readLane(redis: RedisConnection, keys: Keys, target: string): Promise<LaneState> {
  const [disabledAt, disabledReason, pausedUntil, pauseReason] = await redis.hmget(
    keys.lane(target),
    "disabledAt",
    "disabledReason",
    "pausedUntil",
    "pauseReason",
  );
  return {
    disabled: disabledAt == null ? undefined : { at: Number(disabledAt), reason: disabledReason ?? "" },
    pausedUntil: pausedUntil == null ? undefined : Number(pausedUntil),
    pauseReason: pauseReason ?? undefined,
  };
}

/** Sets the later of two pauses: an answer to an older request must not shorten a longer wait. */
const PAUSE = `
local current = tonumber(redis.call("HGET", KEYS[1], "pausedUntil") or "0")
if current < tonumber(ARGV[1]) then redis.call("HSET", KEYS[1], "pausedUntil", ARGV[1], "pauseReason", ARGV[2]) end
if not redis.call("HGET", KEYS[1], "disabledAt") then redis.call("PEXPIREAT", KEYS[1], math.max(current, ARGV[1]) + 1000) end
return 1`;

/** Nothing is sent to the target, by any replica, until then. */
export async function pauseLane(
  redis: RedisConnection,
  keys: Keys,
  pause: { target: string; until: number; reason: string },
): Promise<void> {
  await redis.eval(PAUSE, 1, keys.lane(pause.target), Math.ceil(pause.until), pause.reason);
}

/** Sends nothing more to the target until {@link enableLane}. */
export async function disableLane(redis: RedisConnection, keys: Keys, target: string, reason: string): Promise<void> {
  const key = keys.lane(target);
  await redis.hset(key, { disabledAt: String(Date.now()), disabledReason: reason });
  await redis.persist(key);
}

/** Notes that a delivery waits for its target to be enabled. */
export async function parkDelivery(
  redis: RedisConnection,
  keys: Keys,
  target: string,
  deliveryId: string,
): Promise<void> {
  await redis.zadd(keys.parked(target), "NX", String(Date.now()), deliveryId);
}

/** Forgets all that was held against a target and returns the deliveries that were parked, the oldest first. */
export async function enableLane(redis: RedisConnection, keys: Keys, target: string): Promise<string[]> {
  const key = keys.parked(target);
  const replies = await redis.multi().del(keys.lane(target)).zrange(key, "0", "-1").del(key).exec();
  const [error, parked] = replies?.[1] ?? [];
  if (error) throw error;
  return Array.isArray(parked) ? parked.map(String) : [];
}
