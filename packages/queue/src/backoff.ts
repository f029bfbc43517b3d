import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import { type BackoffOptions, type BackoffStrategy, UnrecoverableError } from "bullmq";
import { isRedisRefusing } from "./connections.ts";

export const backoffPolicies = ["fixed", "exponential", "standard"] as const;
export type BackoffPolicy = (typeof backoffPolicies)[number];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const LONGEST_BACKOFF_MS = 24 * HOUR;
const JITTER = 0.2;

/** The waits after the first attempt in the example schedule of Standard Webhooks 1.0.0. */
const STANDARD_WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** What BullMQ stores with a job. Only `fixed` is computed by BullMQ itself: its exponential jitter goes one way only. */
export function toBackoffOptions(policy: BackoffPolicy, intervalMs: number): BackoffOptions {
  return policy === "fixed" ? { type: "fixed", delay: intervalMs } : { type: `hookline-${policy}`, delay: intervalMs };
}

/** Waits, in ms, of the policies that BullMQ does not know itself. */
export const backoffStrategy: BackoffStrategy = (attemptsMade, type, _error, job) => {
  const { backoff } = (job?.opts ?? {}) as { backoff?: BackoffOptions };
  if (type === "hookline-standard") return standardWaitMs(attemptsMade);
  return exponentialWaitMs(attemptsMade, backoff?.delay ?? 0, Math.random());
};

/** The wait after attempt number `attemptsMade` (1 is the first); the last one repeats. */
export function standardWaitMs(attemptsMade: number): number {
  return STANDARD_WAITS_MS[attemptsMade - 1] ?? LONGEST_BACKOFF_MS;
}

/** Doubles from `intervalMs` up to a day, ± 20 %; `random` lies in [0, 1). */
export function exponentialWaitMs(attemptsMade: number, intervalMs: number, random: number): number {
  const wait = Math.min(intervalMs * 2 ** (attemptsMade - 1), LONGEST_BACKOFF_MS);
  return Math.min(Math.round(wait * (1 - JITTER + 2 * JITTER * random)), LONGEST_BACKOFF_MS);
}

/** What to do with a job whose processor threw. The one place that turns our error kinds into BullMQ's terms. */
export type Verdict =
  | { readonly kind: "wait"; readonly delayMs: number; readonly reason: string }
  | { readonly kind: "fail"; readonly error: Error }
  | { readonly kind: "retry"; readonly error: Error };

/** When a job that Redis refused something looks again: a full Redis is not emptied in seconds. */
const REFUSED_WAIT_MS = 2000;

/** The error's code goes before its message, so that `failedReason` keeps both; see {@link toTaskError}. */
export function toVerdict(error: unknown): Verdict {
  if (error instanceof RetryAfterError) return { kind: "wait", delayMs: error.delayMs, reason: error.reason };
  if (error instanceof PermanentError) {
    return { kind: "fail", error: expected(new UnrecoverableError(`${error.code}: ${error.message}`)) };
  }
  if (error instanceof TemporaryError) {
    return { kind: "retry", error: expected(new Error(`${error.code}: ${error.message}`)) };
  }
  // Our own store cannot: that is no attempt at anything.
  if (isRedisRefusing(error)) return { kind: "wait", delayMs: REFUSED_WAIT_MS, reason: "redis_unavailable" };
  return { kind: "retry", error: error instanceof Error ? error : new Error(String(error)) };
}

/** Splits a job's `failedReason` into code and message. */
export function toTaskError(failedReason: string): { code: string; message: string } {
  const match = /^([a-z][a-z0-9_]{2,60}): ([\s\S]*)$/.exec(failedReason);
  if (match?.[1] !== undefined && match[2] !== undefined) return { code: match[1], message: match[2] };
  const isStalled = failedReason.startsWith("job stalled more than");
  return { code: isStalled ? "worker_lost" : "internal_error", message: failedReason };
}

/** What happens at a boundary is no bug: BullMQ would keep its stack with every attempt, and the board show nothing else. */
function expected(error: Error): Error {
  error.stack = error.message;
  return error;
}
