import { DAY_MS, type Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import { ENABLE, ENTER, LEAVE, SPEND } from "./lane-scripts.ts";
import type { Script } from "./script.ts";
import { runTogether, type ScriptCall } from "./script-calls.ts";

/** What all replicas know of a target. Times are ms since the epoch. */
export interface LaneState {
  readonly disabled: { readonly at: number; readonly reason: string } | undefined;
  readonly pausedUntil: number | undefined;
  readonly pauseReason: string | undefined;
  /** `half_open`: the time is over for which nothing was sent, and the next request tells. */
  readonly breaker: "closed" | "open" | "half_open";
  readonly inFlight: number;
  /** Deliveries that asked and were told to wait, or that are parked. */
  readonly waiting: number;
}

/** The longest pause a target can ask for: `Retry-After` is capped here. */
export const LONGEST_PAUSE_MS = DAY_MS;

/** How a target may be used. */
export interface LaneLimits {
  /** ms between two requests; 0 is no limit. */
  readonly intervalMs: number;
  /** Requests at once, by all replicas. */
  readonly maxInFlight: number;
  /** ms that a request may take. */
  readonly timeoutMs: number;
}

/** When the breaker opens: so many failures in a row, over at least so long; how long it stays open, doubling; and when failing disables. */
export interface BreakerPolicy {
  readonly failures: number;
  readonly failingMs: number;
  readonly openMs: number;
  readonly longestOpenMs: number;
  readonly disableAfterMs: number;
}

export type LaneEntry =
  | { readonly mayGo: true }
  | { readonly mayGo: false; readonly reason: LaneReason; readonly waitMs: number };
export type LaneReason =
  | "target_disabled"
  | "target_retry_after"
  | "target_breaker_open"
  | "target_pace"
  | "target_busy";

/** How it went with a target. `none`: nothing was learnt. */
export type LaneResult =
  | { readonly kind: "none" }
  | { readonly kind: "delivered"; readonly durationMs: number }
  | { readonly kind: "retry_later"; readonly waitMs: number }
  | { readonly kind: "failed"; readonly durationMs: number; readonly reason: string }
  | { readonly kind: "gone"; readonly reason: string };

export interface LaneExit {
  readonly event: "" | "paused" | "opened" | "closed" | "disabled";
  readonly ms: number;
  /** Requests that may be under way at once, as far as has been learnt. */
  readonly window: number;
  /** Of the heirs, the first so many may go. */
  readonly admitted: number;
  /** Deliveries in line that may go now: their jobs are to be made due. */
  readonly next: readonly string[];
}

/** A request that outlived its time by so much was lost with its process; a delivery may make two. */
const LEASE_MARGIN_MS = 15_000;
/** A lane of a target that a request supplied is kept as long as the target itself; deliveries that wait renew it. */
const INLINE_KEPT_MS = 70 * DAY_MS;
/** Those parked that are put in line at once; more than these are in order only roughly. */
const MOST_IN_LINE = 5000;

export async function readLane(redis: RedisConnection, keys: Keys, target: string): Promise<LaneState> {
  const [[disabledAt, disabledReason, pausedUntil, pauseReason, openUntil], inFlight, waiting, parked] =
    await Promise.all([
      redis.hmget(keys.lane(target), "disabledAt", "disabledReason", "pausedUntil", "pauseReason", "openUntil"),
      redis.zcard(keys.laneInFlight(target)),
      redis.zcard(keys.laneWaiting(target)),
      redis.zcard(keys.parked(target)),
    ]);
  return {
    disabled: disabledAt == null ? undefined : { at: Number(disabledAt), reason: disabledReason ?? "" },
    pausedUntil: pausedUntil == null ? undefined : Number(pausedUntil),
    pauseReason: pauseReason ?? undefined,
    breaker: toBreaker(openUntil ?? undefined),
    inFlight,
    waiting: waiting + parked,
  };
}

function toBreaker(openUntil: string | undefined): LaneState["breaker"] {
  if (openUntil === undefined) return "closed";
  return Number(openUntil) > Date.now() ? "open" : "half_open";
}

/** Asks to send one delivery to a target now. Whoever may go must {@link leaveLane}. */
export async function enterLane(
  redis: RedisConnection,
  keys: Keys,
  { target, deliveryId, limits }: { target: string; deliveryId: string; limits: LaneLimits },
): Promise<LaneEntry> {
  const { intervalMs, maxInFlight, timeoutMs } = limits;
  const reply = await run(redis, keys, {
    script: ENTER,
    target,
    texts: [deliveryId, intervalMs, maxInFlight, toLeaseMs(timeoutMs), toKeptMs(target)],
  });
  const [answer, waitMs] = reply as ["go" | LaneReason, number];
  return answer === "go" ? { mayGo: true } : { mayGo: false, reason: answer, waitMs };
}

export interface Leaving {
  readonly target: string;
  /** Empty: something else was learnt. */
  readonly deliveryId: string;
  readonly limits: LaneLimits;
  readonly result: LaneResult;
  readonly breaker: BreakerPolicy;
  /** Deliveries that would take the place at once, the oldest first; whoever does must {@link leaveLane} as well. */
  readonly heirs?: readonly string[];
  /** What else is to be noted, in the same step. */
  readonly notes?: readonly ScriptCall[];
}

/** Tells how it went and learns what that means for the lane, and who is next. */
export async function leaveLane(redis: RedisConnection, keys: Keys, leaving: Leaving): Promise<LaneExit> {
  const { target, deliveryId, limits, result, breaker, heirs = [], notes = [] } = leaving;
  const reply = await run(redis, keys, {
    script: LEAVE,
    target,
    notes,
    texts: [
      ...[deliveryId, result.kind, toMs(result), limits.intervalMs, limits.maxInFlight],
      ...[breaker.failures, breaker.failingMs, breaker.openMs, breaker.longestOpenMs, breaker.disableAfterMs],
      ...["reason" in result ? result.reason : "", toKeptMs(target), toLeaseMs(limits.timeoutMs)],
      ...heirs,
    ],
  });
  const [event, ms, window, admitted, ...next] = reply as [LaneExit["event"], number, number, number, ...string[]];
  return { event, ms, window, admitted, next };
}

function toLeaseMs(timeoutMs: number): number {
  return 2 * timeoutMs + LEASE_MARGIN_MS;
}

function toMs(result: LaneResult): number {
  switch (result.kind) {
    case "retry_later":
      return Math.ceil(result.waitMs);
    case "failed":
    case "delivered":
      return Math.ceil(result.durationMs);
    case "gone":
    case "none":
      return 0;
  }
}

/** ms that a disabled lane is kept; 0: until it is enabled. Targets of requests have a `~` in their names. */
function toKeptMs(target: string): number {
  return target.includes("~") ? INLINE_KEPT_MS : 0;
}

/** Notes a request that {@link enterLane} was not asked for, so that the pace is kept. */
export async function spendInLane(
  redis: RedisConnection,
  keys: Keys,
  { target, intervalMs }: { target: string; intervalMs: number },
): Promise<void> {
  if (intervalMs > 0) await run(redis, keys, { script: SPEND, target, texts: [intervalMs] });
}

export interface EnabledLane {
  /** The deliveries that were parked, the oldest first. */
  readonly parked: readonly string[];
  /** Others that were told to wait. */
  readonly waiting: readonly string[];
}

/** Forgets all that was held against a target. The jobs of those returned are to be made due, in this order. */
export async function enableLane(redis: RedisConnection, keys: Keys, target: string): Promise<EnabledLane> {
  const reply = await run(redis, keys, { script: ENABLE, target, texts: [MOST_IN_LINE] });
  const [parked, waiting] = reply as [string[], string[]];
  return { parked, waiting };
}

interface LaneCall {
  readonly script: Script;
  readonly target: string;
  readonly texts: readonly (string | number)[];
  readonly notes?: readonly ScriptCall[];
}

async function run(
  redis: RedisConnection,
  keys: Keys,
  { script, target, texts, notes = [] }: LaneCall,
): Promise<unknown> {
  const names = [
    keys.lane(target),
    keys.laneWaiting(target),
    keys.laneExpected(target),
    keys.laneInFlight(target),
    keys.parked(target),
  ];
  const [answer] = await runTogether(redis, [{ script, keys: names, texts }, ...notes]);
  return answer;
}
