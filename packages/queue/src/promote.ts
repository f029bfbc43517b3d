import { errorMessage } from "@hookline/runtime";
import { Job } from "bullmq";
import { isRedisAway } from "./connections.ts";
import type { OpenQueue } from "./queues.ts";

/**
 * Makes delayed jobs due at once, in this order, without reading them first. Jobs that are not delayed (any more) are
 * left as they are. Resolves when all are; an error of the connection is thrown.
 */
export async function promoteJobs({ queue }: OpenQueue, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => promote(new Job(queue, "", {}, {}, id))));
}

async function promote(job: Job): Promise<void> {
  try {
    await job.promote();
  } catch (error) {
    if (isRedisAway(error) || !/not in the delayed state|missing/i.test(errorMessage(error))) throw error;
  }
}
