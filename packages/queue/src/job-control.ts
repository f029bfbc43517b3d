import type { OpenQueue } from "./queues.ts";
import { clearSuspicion } from "./suspects.ts";

/** What became of a request to change a job: `wrong_state` when it is running, finished or (for retry) not failed. */
export type ControlResult = "done" | "not_found" | "wrong_state";

/** Takes a waiting job out of its queue. */
export async function cancelJob({ queue }: OpenQueue, id: string): Promise<ControlResult> {
  const [job, state] = await Promise.all([queue.getJob(id), queue.getJobState(id)]);
  if (job === undefined) return "not_found";
  if (state !== "delayed" && state !== "waiting" && state !== "prioritized") return "wrong_state";
  // A worker may have taken it in the meantime: BullMQ refuses to remove a locked job.
  return settle(() => job.remove());
}

/** Makes a delayed job due at once. A job that is due already counts as done. */
export async function runJobNow({ queue }: OpenQueue, id: string): Promise<ControlResult> {
  const [job, state] = await Promise.all([queue.getJob(id), queue.getJobState(id)]);
  if (job === undefined) return "not_found";
  if (state === "waiting" || state === "prioritized") return "done";
  if (state !== "delayed") return "wrong_state";
  return settle(() => job.promote());
}

/** Puts a failed job back with all its attempts. */
export async function retryJob(open: OpenQueue, id: string): Promise<ControlResult> {
  const job = await open.queue.getJob(id);
  if (job === undefined) return "not_found";
  if (!(await job.isFailed())) return "wrong_state";
  await clearSuspicion(open, id);
  return settle(() => job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true }));
}

/** BullMQ throws when a job changed its state between our look and our call; a lost connection is no such answer. */
async function settle(change: () => Promise<unknown>): Promise<ControlResult> {
  try {
    await change();
    return "done";
  } catch (error) {
    if (error instanceof Error && /lock|not in|could not be removed|missing/i.test(error.message)) return "wrong_state";
    throw error;
  }
}
