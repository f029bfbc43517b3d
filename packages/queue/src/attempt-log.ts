import type { Attempt } from "@hookline/contracts";
import type { Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";

/** Attempts are numbered by their place in the log, so that tries which used no attempt up count too. */
export type LoggedAttempt = Omit<Attempt, "number">;

/** Attempts kept of a delivery, the newest. */
const KEPT_ATTEMPTS = 100;

/** Adds an attempt to a delivery's log and keeps the log for `ttlMs` more. */
export async function appendAttempt(
  redis: RedisConnection,
  keys: Keys,
  entry: { deliveryId: string; attempt: LoggedAttempt; ttlMs: number },
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
  return entries.map((entry, index) => ({ ...(JSON.parse(entry) as LoggedAttempt), number: index + 1 }));
}

/** The newest attempt of a delivery, if any is known. */
export async function lastAttempt(
  redis: RedisConnection,
  keys: Keys,
  deliveryId: string,
): Promise<Attempt | undefined> {
  return (await readAttempts(redis, keys, deliveryId)).at(-1);
}
