import {
  type BreakerPolicy,
  enterLane,
  type LaneEntry,
  type LaneExit,
  type LaneResult,
  LONGEST_PAUSE_MS,
  leaveLane,
  promoteJobs,
  type Queues,
  type RedisConnection,
  type ScriptCall,
  spendInLane,
} from "@hookline/queue";
import { DAY_MS, errorMessage, type Keys, type Logger, RetryAfterError } from "@hookline/runtime";
import type { Target } from "../targets/target.ts";
import { createDoors } from "./doors.ts";

/** The doors to the targets: who may send now, as all replicas agree. */
export interface Lanes {
  /** @throws RetryAfterError with the reason when the delivery may not go now; no attempt is used. */
  enter(target: Target, deliveryId: string, signal: AbortSignal): Promise<void>;
  /**
   * Tells how it went; called exactly once after {@link enter}, and wakes whoever may go next. `notes` are made in the
   * same step.
   *
   * @throws RetryAfterError when this delivery is to wait for a pause, or is parked, without using an attempt.
   */
  leave(target: Target, deliveryId: string, result: LaneResult, notes?: readonly ScriptCall[]): Promise<void>;
  /** Notes a request that was not asked for with {@link enter}, so that the pace is kept. */
  spend(target: Target): Promise<void>;
  /** Takes what such a request told of the target. */
  learn(target: Target, result: LaneResult): Promise<void>;
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

/** What was learnt of a lane. */
interface Lesson {
  /** Empty: not by a delivery that was in it. */
  readonly deliveryId: string;
  readonly result: LaneResult;
  readonly notes?: readonly ScriptCall[];
}

export function createLanes(options: LanesOptions): Lanes {
  const { redis, keys } = options;
  const doors = createDoors();
  const ask = async ({ name, limits }: Target, deliveryId: string) => {
    const entry = await enterLane(redis, keys, { target: name, deliveryId, limits });
    if (entry.mayGo) doors.hold(name, deliveryId);
    return entry;
  };
  const enter: Lanes["enter"] = async (target, deliveryId, signal) => {
    const wait = () => doors.wait(target.name, deliveryId, signal);
    if (doors.isFull(target.name) && (await wait())) return;
    const entry = await ask(target, deliveryId);
    if (entry.mayGo || (entry.reason === "target_busy" && (await wait()))) return;
    throw refusal(entry);
  };
  const learn = async (target: Target, { deliveryId, result, notes = [] }: Lesson): Promise<LaneExit> => {
    const { name, limits } = target;
    const exit = await doors.leave(name, deliveryId, (heirs) =>
      leaveLane(redis, keys, { target: name, deliveryId, limits, result, breaker: options.breaker, heirs, notes }),
    );
    await act(options, target, exit, result);
    return exit;
  };
  return {
    enter,
    async leave(target, deliveryId, result, notes = []) {
      const capped = capWait(result);
      const { event } = await learn(target, { deliveryId, result: capped, notes });
      if (capped.kind === "retry_later") throw new RetryAfterError(capped.waitMs, "target_retry_after");
      if (event !== "disabled" && capped.kind !== "gone") return;
      const entry = await ask(target, deliveryId);
      if (!entry.mayGo) throw refusal(entry);
      // Somebody has enabled the target in the meantime: its turn comes again.
      await learn(target, { deliveryId, result: { kind: "none" } });
      throw new RetryAfterError(SHORTEST_PAUSE_MS, "target_busy");
    },
    spend: ({ name, limits }) => spendInLane(redis, keys, { target: name, intervalMs: limits.intervalMs }),
    learn: async (target, result) => void (await learn(target, { deliveryId: "", result: capWait(result) })),
  };
}

function refusal({ reason, waitMs }: LaneEntry & { mayGo: false }): RetryAfterError {
  return new RetryAfterError(reason === "target_disabled" ? PARKED_MS : waitMs, reason);
}

/** What became of the delivery stands: that nobody could be told, or woken, must not make it another outcome. */
async function act(options: LanesOptions, target: Target, exit: LaneExit, result: LaneResult): Promise<void> {
  try {
    await tell(options, target, exit, result);
    await promoteJobs(options.queues.deliveries, exit.next);
  } catch (error) {
    options.log.warn("lane.not_told", { target: target.name, event: exit.event, error: errorMessage(error) });
  }
}

/** Holds the wait that a target asks for to between a second and a day; NaN counts as a second. */
export function capWait(result: LaneResult): LaneResult {
  if (result.kind !== "retry_later") return result;
  return { ...result, waitMs: Math.min(Math.max(result.waitMs || 0, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS) };
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
