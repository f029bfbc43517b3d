import { readJob, SCORE_FACTOR } from "./job-record.ts";
import type { OpenQueue } from "./queues.ts";

/**
 * How long the oldest job that is due has been waiting for a worker, in seconds; 0 when none waits. A delayed job
 * that is due counts: it is workers who make it a waiting one, so that beside workers that stand still it never is.
 */
export async function oldestWaitingSeconds(open: OpenQueue, now = Date.now()): Promise<number> {
  const dueAts = await Promise.all([firstWaitingAt(open), firstDelayedUntil(open)]);
  return Math.max(0, ...dueAts.map((dueAt) => (now - (dueAt ?? now)) / 1000));
}

async function firstWaitingAt(open: OpenQueue): Promise<number | undefined> {
  const [id] = await open.redis.lrange(open.queue.toKey("wait"), -1, -1);
  return id === undefined ? undefined : (await readJob(open, id))?.dueAt;
}

async function firstDelayedUntil({ redis, queue }: OpenQueue): Promise<number | undefined> {
  const [, score] = await redis.zrange(queue.toKey("delayed"), "0", "0", "WITHSCORES");
  return score === undefined ? undefined : Math.floor(Number(score) / SCORE_FACTOR);
}
