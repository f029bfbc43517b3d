import type { Keys } from "@hookline/runtime";
import { lastAttempt } from "./attempt-log.ts";
import type { OpenQueue } from "./queues.ts";

/** A field of ours in a delivery's job: the number of the last attempt before somebody had it sent again. */
export const SENT_AGAIN_AFTER = "sentAgainAfter";

/** Whether a delivery has arrived although its job was never marked done: its worker, or Redis, was lost in between. */
export async function hasArrived({ queue, redis }: OpenQueue, keys: Keys, deliveryId: string): Promise<boolean> {
  const [last, sentAgainAfter] = await Promise.all([
    lastAttempt(redis, keys, deliveryId),
    redis.hget(queue.toKey(deliveryId), SENT_AGAIN_AFTER),
  ]);
  return last?.outcome === "delivered" && last.number > Number(sentAgainAfter ?? 0);
}
