import type { NextAttempt } from "@hookline/contracts";
import type { JobRecord } from "@hookline/queue";

/** When a waiting job is tried next, and why not now. */
export function toNextAttempt(job: JobRecord): NextAttempt | null {
  if (job.state === "waiting") return { at: toIso(job.dueAt), reason: "queued" };
  if (job.state !== "delayed") return null;
  const at = toIso(job.dueAt);
  if (job.wait !== undefined && Math.abs(job.wait.until - job.dueAt) < WAIT_TOLERANCE_MS)
    return { at, reason: job.wait.reason };
  return { at, reason: job.attemptsMade > 0 ? "retry" : "scheduled" };
}

/** A wait note belongs to the present delay when both end together; BullMQ measures its own a moment later. */
const WAIT_TOLERANCE_MS = 50;

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
