import { type PermanentError, RetryAfterError } from "@hookline/runtime";
import type { Job } from "bullmq";
import { toWaitNote } from "./job-record.ts";

const REASON = "other_version";
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * What to do with a job that this version does not understand. While two versions run side by side a replica of the
 * other one may: it is put back, without an attempt, and fails for good only when nobody took it for `patienceMs`; at
 * once where that is 0.
 */
export function toOtherVersion(job: Job, problem: PermanentError, patienceMs: number): Error {
  const note = toWaitNote(job.progress);
  const elapsedMs = note?.reason === REASON ? Date.now() - note.since : 0;
  if (elapsedMs >= patienceMs) return problem;
  const waitMs = Math.min(Math.max(elapsedMs / 2, SHORTEST_WAIT_MS), LONGEST_WAIT_MS, patienceMs - elapsedMs);
  return new RetryAfterError(waitMs, REASON, problem.message);
}
