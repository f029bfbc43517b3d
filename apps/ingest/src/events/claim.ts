import type { RedisConnection } from "@hookline/queue";
import { DAY_MS } from "@hookline/runtime";

/**
 * How long an event is known. Basecamp repeats what was not answered with 2xx up to ten times, each time waiting
 * longer; a month is well beyond the last one.
 */
const KEPT_MS = 30 * DAY_MS;

/** The task that an event was given. */
export interface Claim {
  readonly taskId: string;
  /** Whether that task is known to have been queued: then there is nothing left to do. */
  readonly isQueued: boolean;
}

/**
 * Gives an event the task `taskId`, unless it has one. Whoever finds one that is not known to be queued queues it
 * again under its id: its first request was cut off, or is still under way.
 */
export async function claimEvent(redis: RedisConnection, key: string, taskId: string): Promise<Claim> {
  const mine: Claim = { taskId, isQueued: false };
  const isMine = await redis.set(key, JSON.stringify(mine), "PX", KEPT_MS, "NX");
  if (isMine === "OK") return mine;
  const text = await redis.get(key);
  // It lapsed between the two commands: it is free again.
  return text === null ? claimEvent(redis, key, taskId) : (JSON.parse(text) as Claim);
}

/** Notes that the event's task is durable. */
export async function settleClaim(redis: RedisConnection, key: string, { taskId }: Claim): Promise<void> {
  const settled: Claim = { taskId, isQueued: true };
  await redis.set(key, JSON.stringify(settled), "PX", KEPT_MS);
}
