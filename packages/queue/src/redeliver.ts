import type { DeliveryPayload } from "@hookline/contracts";
import { errorMessage, type Keys } from "@hookline/runtime";
import { Job } from "bullmq";
import { SENT_AGAIN_AFTER } from "./arrival.ts";
import { isRedisAway } from "./connections.ts";
import { type IndexedDelivery, LONGEST_WAIT_MS } from "./delivery-index.ts";
import type { OpenQueue } from "./queues.ts";
import { defineScript, runScript } from "./script.ts";
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
  const names = [
    keys.messageBody(payload.bodyId),
    keys.messageUsers(payload.bodyId),
    keys.attempts(id),
    queue.toKey(id),
  ];
  if ((await runScript(redis, HOLD, names, id, LONGEST_WAIT_MS)) !== 1) return "message_expired";
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

/**
 * The message waits for this delivery too, beside those others that it is shared by. That an earlier attempt arrived
 * does not count from here on.
 */
const HOLD = defineScript(`
if redis.call("PEXPIRE", KEYS[1], ARGV[2]) == 0 then return 0 end
redis.call("SADD", KEYS[2], ARGV[1])
redis.call("PEXPIRE", KEYS[2], ARGV[2])
local last = redis.call("LINDEX", KEYS[3], -1)
if last and redis.call("EXISTS", KEYS[4]) == 1 then
  redis.call("HSET", KEYS[4], "${SENT_AGAIN_AFTER}", string.match(last, "^%d+"))
end
return 1`);

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
