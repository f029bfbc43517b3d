import { createKeys, PermanentError, RetryAfterError } from "@hookline/runtime";
import type { Job } from "bullmq";
import type { OpenQueue } from "./queues.ts";
import { defineScript, runScript } from "./script.ts";

/** Processes that may die while they work a job; one more, and the job is held to be the cause. */
const MOST_LOSSES = 3;
/** Once may happen to any job, and those of a killed worker are not to wait for each other. */
const SUSPECT_AFTER = 2;
/** Suspects ask again after a random part of this time, and keep no slot meanwhile. */
const ASK_AGAIN_MS = 1000;

/** The turn belongs to a job for as long as BullMQ's lock on it lives: the lock lapses with the process that holds it. */
const TAKE_TURN = defineScript(`
local holder = redis.call("GET", KEYS[1])
if holder and holder ~= ARGV[1] and redis.call("EXISTS", holder .. ":lock") == 1 then return 0 end
redis.call("SET", KEYS[1], ARGV[1], "PX", 86400000)
return 1`);

/**
 * Keeps a job that brings its process down from doing so for ever, and from taking others with it: what was under way
 * in two processes that died runs only while no other such job does, so that the one at fault is soon alone with it.
 *
 * @throws PermanentError `worker_lost` for a job that four processes died with; RetryAfterError while another suspect runs.
 */
export async function judgeSuspect({ queue, redis }: OpenQueue, prefix: string, job: Job): Promise<void> {
  if (job.stalledCounter < SUSPECT_AFTER || job.id === undefined) return;
  if (job.stalledCounter > MOST_LOSSES) {
    const sentence = `${job.stalledCounter} worker processes died or hung while they worked it; it is not run again by itself`;
    throw new PermanentError("worker_lost", sentence);
  }
  const turn = await runScript(redis, TAKE_TURN, [createKeys(prefix).suspect], queue.toKey(job.id));
  if (turn === 0) throw new RetryAfterError(Math.random() * ASK_AGAIN_MS, "recovering");
}

/** A job that is retried by hand is no suspect any longer. */
export async function clearSuspicion({ queue, redis }: OpenQueue, jobId: string): Promise<void> {
  await redis.hdel(queue.toKey(jobId), "stc");
}
