import { hash } from "node:crypto";
import type { Job } from "bullmq";
import type { OpenQueue } from "./queues.ts";

/** 96 bits. It stands four times in what a waiting task takes of Redis: twice as long it would be 88 bytes more. */
const ID_LENGTH = 16;

/** Two requests are the same when the pair (case-insensitive, as GitHub's names are) and the targets are. */
export function toDeduplicationId(
  pair: { username: string; repository: string },
  targetKeys: readonly string[],
): string {
  const name = `${pair.username}/${pair.repository}`.toLowerCase();
  return hash("sha256", `${name}\n${[...targetKeys].sort().join("\n")}`, "base64url").slice(0, ID_LENGTH);
}

/**
 * A task that goes back to waiting takes its deduplication key back, unless a newer request holds it.
 * BullMQ offers no call for this: it sets the key only while adding. The key's name and value are those of
 * BullMQ 6 (`de:<id>` → job id), and a test fails when they change; BullMQ removes the key when the job ends.
 */
export async function holdDeduplication({ queue, redis }: OpenQueue, job: Job): Promise<void> {
  if (job.deduplicationId === undefined || job.id === undefined) return;
  await redis.set(queue.toKey(`de:${job.deduplicationId}`), job.id, "NX");
}
