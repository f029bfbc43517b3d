import { readJob } from "./job-record.ts";
import type { OpenQueue } from "./queues.ts";

/** How long the oldest job that is due has been waiting for a worker, in seconds; 0 when none waits. */
export async function oldestWaitingSeconds(open: OpenQueue, now = Date.now()): Promise<number> {
  const [id] = await open.redis.lrange(open.queue.toKey("wait"), -1, -1);
  if (id === undefined) return 0;
  const job = await readJob(open, id);
  return job === undefined ? 0 : Math.max(0, (now - job.dueAt) / 1000);
}
