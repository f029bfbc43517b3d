import type { DeliveryPayload } from "@hookline/contracts";
import { errorMessage, type Keys } from "@hookline/runtime";
import { Job } from "bullmq";
import { isRedisAway, type RedisConnection } from "./connections.ts";
import { type IndexedDelivery, LONGEST_WAIT_MS } from "./delivery-index.ts";
import type { OpenQueue } from "./queues.ts";
import { clearSuspicion } from "./suspects.ts";

/** How a delivery ended, in BullMQ's words. */
export type EndState = "failed" | "completed";

export interface EndedDelivery {
  readonly id: string;
  readonly state: EndState;
  readonly payload: DeliveryPayload;
}

export type RedeliverResult = "done" | "wrong_state" | "message_expired";

/**
 * Puts a delivery that has ended back with all its attempts, under the same id, and keeps its message for as long as
 * it may wait now.
 *
 * @throws the connection's error when Redis is away; repeating the call is then safe.
 */
export async function redeliver(
  open: OpenQueue,
  keys: Keys,
  { id, state, payload }: EndedDelivery,
): Promise<RedeliverResult> {
  const { queue, redis } = open;
  if (!(await holdMessage(redis, keys, { id, bodyId: payload.bodyId }))) return "message_expired";
  try {
    await clearSuspicion(open, id);
    await new Job(queue, "", {}, {}, id).retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true });
    return "done";
  } catch (error) {
    // Somebody else has put it back, or retention has cleared it away.
    if (!isRedisAway(error) && /not in the \w+ state|missing key/i.test(errorMessage(error))) return "wrong_state";
    throw error;
  }
}

/** The message waits for this delivery too, beside those others that it is shared by. */
const HOLD = `
if redis.call("PEXPIRE", KEYS[1], ARGV[2]) == 0 then return 0 end
redis.call("SADD", KEYS[2], ARGV[1])
redis.call("PEXPIRE", KEYS[2], ARGV[2])
return 1`;

async function holdMessage(
  redis: RedisConnection,
  keys: Keys,
  { id, bodyId }: { id: string; bodyId: string },
): Promise<boolean> {
  const names = [keys.messageBody(bodyId), keys.messageUsers(bodyId)];
  return (await redis.eval(HOLD, 2, ...names, id, LONGEST_WAIT_MS)) === 1;
}

/** Which of these deliveries ended so, in their order: two commands each, sent at once, however many there are. */
export async function findEnded(
  { queue, redis }: OpenQueue,
  state: EndState,
  deliveries: readonly IndexedDelivery[],
): Promise<EndedDelivery[]> {
  const pipeline = redis.pipeline();
  for (const { id } of deliveries) pipeline.zscore(queue.toKey(state), id).hmget(queue.toKey(id), "timestamp", "data");
  const replies = (await pipeline.exec()) ?? [];
  for (const [error] of replies) if (error) throw error;
  return deliveries.flatMap(({ id, createdAt }, index) => {
    const score = replies[2 * index]?.[1];
    const [timestamp, data] = (replies[2 * index + 1]?.[1] ?? []) as (string | null)[];
    if (score === null || data == null || Number(timestamp) !== createdAt) return [];
    return [{ id, state, payload: JSON.parse(data) as DeliveryPayload }];
  });
}
