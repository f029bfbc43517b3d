import type { Attempt } from "@hookline/contracts";
import type { Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";

/** Attempts kept of a delivery, the newest. */
const KEPT_ATTEMPTS = 100;

/** Adds an attempt to a delivery's log and keeps the log for `ttlMs` more. */
export async function appendAttempt(
  redis: RedisConnection,
  keys: Keys,
  entry: { deliveryId: string; attempt: Attempt; ttlMs: number },
): Promise<void> {
  const key = keys.attempts(entry.deliveryId);
  await redis
    .pipeline()
    .rpush(key, JSON.stringify(entry.attempt))
    .ltrim(key, -KEPT_ATTEMPTS, -1)
    .pexpire(key, entry.ttlMs)
    .exec();
}

/** A delivery's attempts, the oldest first. */
export async function readAttempts(redis: RedisConnection, keys: Keys, deliveryId: string): Promise<Attempt[]> {
  const entries = await redis.lrange(keys.attempts(deliveryId), 0, -1);
  return entries.map((entry) => JSON.parse(entry) as Attempt);
}

/** The newest attempt of a delivery, if any is known. */
export async function lastOutcome(
  redis: RedisConnection,
  keys: Keys,
  deliveryId: string,
): Promise<Attempt | undefined> {
  const [entry] = await redis.lrange(keys.attempts(deliveryId), -1, -1);
  return entry === undefined ? undefined : (JSON.parse(entry) as Attempt);
}
