import {
  type BreakerPolicy,
  enterLane,
  type LaneExit,
  type LaneResult,
  LONGEST_PAUSE_MS,
  leaveLane,
  promoteJobs,
  type Queues,
  type RedisConnection,
} from "@hookline/queue";
import { DAY_MS, type Keys, type Logger, RetryAfterError } from "@hookline/runtime";
import type { Target } from "../targets/target.ts";

/** The doors to the targets: who may send now, as all replicas agree. */
export interface Lanes {
  /** @throws RetryAfterError with the reason when the delivery may not go now; no attempt is used. */
  enter(target: Target, deliveryId: string): Promise<void>;
  /**
   * Tells how it went; called exactly once after {@link enter}, and wakes whoever may go next.
   *
   * @throws RetryAfterError when this delivery is to wait for a pause, or is parked, without using an attempt.
   */
  leave(target: Target, deliveryId: string, result: LaneResult): Promise<void>;
}

export interface LanesOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly queues: Pick<Queues, "deliveries">;
  readonly log: Logger;
  readonly breaker: BreakerPolicy;
  /** Told once when a target is disabled. */
  readonly onDisabled: (target: Target, reason: string) => Promise<void>;
}

/** Opens after 20 failures in a row over 10 s; each probe that fails doubles the wait, up to 5 minutes. */
export const defaultBreaker: BreakerPolicy = {
  failures: 20,
  failingMs: 10_000,
  openMs: 10_000,
  longestOpenMs: 300_000,
  disableAfterMs: 5 * DAY_MS,
};

/** Parked deliveries are released by enabling their target; they look for themselves this often, should that be missed. */
const PARKED_MS = 900_000;

/** `Retry-After: 0` uses no attempt either: without a pause the same request would go out again and again. */
const SHORTEST_PAUSE_MS = 1000;

export function createLanes(options: LanesOptions): Lanes {
  const { redis, keys, queues } = options;
  const enter: Lanes["enter"] = async ({ name, limits }, deliveryId) => {
    const entry = await enterLane(redis, keys, { target: name, deliveryId, limits });
    if (entry.mayGo) return;
    throw new RetryAfterError(entry.reason === "target_disabled" ? PARKED_MS : entry.waitMs, entry.reason);
  };
  return {
    enter,
    async leave(target, deliveryId, result) {
      const { name, limits } = target;
      const capped = cap(result);
      const exit = await leaveLane(redis, keys, {
        target: name,
        deliveryId,
        limits,
        result: capped,
        breaker: options.breaker,
      });
      await tell(options, target, exit, capped);
      await promoteJobs(queues.deliveries, exit.next);
      if (exit.event === "disabled" || capped.kind === "gone") return enter(target, deliveryId);
      if (capped.kind === "retry_later") throw new RetryAfterError(capped.waitMs, "target_retry_after");
      return undefined;
    },
  };
}

function cap(result: LaneResult): LaneResult {
  if (result.kind !== "retry_later") return result;
  return { ...result, waitMs: Math.min(Math.max(result.waitMs, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS) };
}

async function tell(
  { log, onDisabled }: LanesOptions,
  target: Target,
  exit: LaneExit,
  result: LaneResult,
): Promise<void> {
  const about = { target: target.name };
  switch (exit.event) {
    case "":
      return;
    case "paused":
      return log.info("lane.paused", { ...about, waitMs: exit.ms });
    case "opened":
      return log.warn("lane.opened", { ...about, waitMs: exit.ms });
    case "closed":
      return log.info("lane.closed", about);
    case "disabled": {
      const reason = "reason" in result ? result.reason : "";
      log.warn("lane.disabled", { ...about, reason });
      return onDisabled(target, reason);
    }
  }
}
