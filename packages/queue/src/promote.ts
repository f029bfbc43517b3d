import { errorMessage } from "@hookline/runtime";
import { Job } from "bullmq";
import { isRedisAway } from "./connections.ts";
import type { OpenQueue } from "./queues.ts";

/** A job that was just told to wait is delayed only a moment later: it is looked for again after these times (ms). */
const AGAIN_AFTER_MS = [30, 200, 1000];

/**
 * Makes delayed jobs due at once, in this order, without reading them first. Jobs that are not delayed (any more) are
 * left as they are; those that are about to be are found a moment later, behind the caller's back.
 *
 * @throws the connection's error when Redis is away.
 */
export async function promoteJobs(open: OpenQueue, ids: readonly string[]): Promise<void> {
  promoteLater(open, await promoteAll(open, ids), 0);
}

function promoteLater(open: OpenQueue, ids: readonly string[], round: number): void {
  const waitMs = AGAIN_AFTER_MS[round];
  if (ids.length === 0 || waitMs === undefined) return;
  const again = () =>
    promoteAll(open, ids).then(
      (missed) => promoteLater(open, missed, round + 1),
      // With Redis away nothing can be done: every job that waits has a time of its own.
      () => undefined,
    );
  setTimeout(again, waitMs).unref();
}

/** Returns those that were not delayed. */
async function promoteAll({ queue }: OpenQueue, ids: readonly string[]): Promise<string[]> {
  const isDone = await Promise.all(ids.map((id) => promote(new Job(queue, "", {}, {}, id))));
  return ids.filter((_, index) => !isDone[index]);
}

async function promote(job: Job): Promise<boolean> {
  try {
    await job.promote();
    return true;
  } catch (error) {
    if (isRedisAway(error) || !/not in the delayed state|missing/i.test(errorMessage(error))) throw error;
    return false;
  }
}
