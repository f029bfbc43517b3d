import {
  disableLane,
  LONGEST_PAUSE_MS,
  parkDelivery,
  pauseLane,
  type RedisConnection,
  readLane,
} from "@hookline/queue";
import { type Keys, type Logger, RetryAfterError } from "@hookline/runtime";

/** What all replicas know of a target: whether it may be sent to now. */
export interface Lanes {
  /** @throws RetryAfterError when the target is paused or disabled; no attempt is used. */
  require(target: string, deliveryId: string): Promise<void>;
  /** Nothing is sent to the target until the wait is over; returns the wait, a second to 24 hours (ms). */
  pause(target: string, waitMs: number): Promise<number>;
  /** Sends nothing more to the target until it is enabled. @throws RetryAfterError: this delivery is parked too. */
  disable(target: string, deliveryId: string, reason: string): Promise<never>;
}

/** Parked deliveries are released by enabling their target; they look for themselves this often, should that be missed. */
const PARKED_MS = 900_000;

/** `Retry-After: 0` uses no attempt either: without a pause the same request would go out again and again. */
const SHORTEST_PAUSE_MS = 1000;

export function createLanes(redis: RedisConnection, keys: Keys, log: Logger): Lanes {
  const park = async (target: string, deliveryId: string): Promise<never> => {
    await parkDelivery(redis, keys, target, deliveryId);
    throw new RetryAfterError(PARKED_MS, "target_disabled");
  };
  return {
    async require(target, deliveryId) {
      const { disabled, pausedUntil = 0 } = await readLane(redis, keys, target);
      if (disabled !== undefined) return park(target, deliveryId);
      const waitMs = pausedUntil - Date.now();
      if (waitMs > 0) throw new RetryAfterError(waitMs, "target_retry_after");
      return undefined;
    },
    async pause(target, waitMs) {
      const capped = Math.min(Math.max(waitMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      await pauseLane(redis, keys, { target, until: Date.now() + capped, reason: "target_retry_after" });
      log.info("lane.paused", { target, waitMs: capped });
      return capped;
    },
    async disable(target, deliveryId, reason) {
      await disableLane(redis, keys, target, reason);
      log.warn("lane.disabled", { target, reason });
      return park(target, deliveryId);
    },
  };
}
