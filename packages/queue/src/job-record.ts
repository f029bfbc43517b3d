import type { Job } from "bullmq";
import type { OpenQueue } from "./queues.ts";

export type JobState = "delayed" | "waiting" | "active" | "completed" | "failed";

/** A job as we show it: BullMQ's fields under our words. Times are ms since the epoch. */
export interface JobRecord {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly payload: unknown;
  readonly createdAt: number;
  readonly firstDueAt: number;
  /** When a delayed job's next attempt is due; else when its first was. */
  readonly dueAt: number;
  readonly attemptsMade: number;
  readonly attemptsMax: number;
  readonly failedReason: string | undefined;
  readonly result: unknown;
  /** Why the job waits, when it was told to wait rather than failed; see {@link WaitNote}. */
  readonly wait: WaitNote | undefined;
}

/** Left in the job's progress when a processor was told to come back later. */
export interface WaitNote {
  readonly reason: string;
  readonly until: number;
  /** When it was first told to wait for this reason. */
  readonly since: number;
}

/** BullMQ keeps the due time in the delayed set's score, times 4096 plus a counter that keeps the order. */
export const SCORE_FACTOR = 0x1000;

/** Reads a job with its state; `undefined` when there is none. */
export async function readJob({ queue, redis }: OpenQueue, id: string): Promise<JobRecord | undefined> {
  // The state first: a job read before it would lack the result of one that ended in between.
  const state = await queue.getJobState(id);
  const [job, score] = await Promise.all([queue.getJob(id), redis.zscore(queue.toKey("delayed"), id)]);
  if (job === undefined || job === null) return undefined;
  return toJobRecord(job, toJobState(state), score === null ? undefined : Math.floor(Number(score) / SCORE_FACTOR));
}

function toJobRecord(job: Job, state: JobState, delayedUntil: number | undefined): JobRecord {
  const firstDueAt = job.timestamp + (job.opts.delay ?? 0);
  return {
    id: job.id ?? "",
    name: job.name,
    state,
    payload: job.data,
    createdAt: job.timestamp,
    firstDueAt,
    dueAt: delayedUntil ?? firstDueAt,
    attemptsMade: job.attemptsMade,
    attemptsMax: job.opts.attempts ?? 1,
    failedReason: job.failedReason === null ? undefined : job.failedReason,
    result: job.returnvalue,
    wait: toWaitNote(job.progress),
  };
}

function toJobState(state: string): JobState {
  switch (state) {
    case "delayed":
    case "active":
    case "completed":
    case "failed":
      return state;
    default:
      // Also "unknown": a job is in no set for the moment in which it moves from one to the next.
      return "waiting";
  }
}

export function toWaitNote(progress: unknown): WaitNote | undefined {
  if (typeof progress !== "object" || progress === null) return undefined;
  const { reason, until, since } = progress as Partial<WaitNote>;
  if (typeof reason !== "string" || typeof until !== "number") return undefined;
  // Notes of 0.1 tell no beginning.
  return { reason, until, since: typeof since === "number" ? since : until };
}
