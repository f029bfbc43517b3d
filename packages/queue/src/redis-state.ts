import type { Keys } from "@hookline/runtime";
import { isRedisFull, isRedisRefusing, type RedisConnection } from "./connections.ts";

/** What Redis is good for now. `refusing`: it answers, and takes nothing (loading, a replica, its disk is full). */
export type RedisState = "ready" | "full" | "refusing";

const PROBE_KEPT_MS = 10_000;

/** What people are told. */
export const redisAlarms = {
  full: "Redis is full: it has reached its maxmemory and takes nothing more",
  refusing: "Redis answers, but takes nothing now",
  away: "Redis cannot be reached",
} as const;

/**
 * Tries a write, for a Redis that answers PING may take nothing.
 *
 * @throws the connection's error when Redis cannot be reached.
 */
export async function readRedisState(redis: RedisConnection, keys: Keys): Promise<RedisState> {
  try {
    await redis.set(keys.writeProbe, "1", "PX", PROBE_KEPT_MS);
    return "ready";
  } catch (error) {
    if (isRedisFull(error)) return "full";
    if (isRedisRefusing(error)) return "refusing";
    throw error;
  }
}
