import type { DeliveryPayload, DigestPayload, SendPayload } from "@hookline/contracts";
import type { Keys, TraceContext } from "@hookline/runtime";
import type { BackoffOptions } from "bullmq";
import { indexDeliveries } from "./delivery-index.ts";
import type { OpenQueue, Queues } from "./queues.ts";
import { addTraced, toTraceOptions } from "./trace.ts";

export interface NewTask {
  readonly id: string;
  readonly payload: DigestPayload;
  readonly deduplicationId: string;
  readonly createdAt: number;
  /** ms before the first attempt. */
  readonly delayMs: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly backoff: BackoffOptions;
  readonly trace?: TraceContext | undefined;
}

export interface AddedTask {
  readonly id: string;
  readonly isDuplicate: boolean;
}

/**
 * Adds a task unless the same request waits already, whose id is then returned. Adding the same id twice adds it
 * once, so that an add that timed out can be repeated.
 *
 * @throws the connection's error when Redis is away: nothing is then known to be queued.
 */
export async function addTask(queues: Queues, keys: Keys, task: NewTask): Promise<AddedTask> {
  const { queue, redis } = queues.tasks;
  const [job] = await Promise.all([
    addTraced(queue, task.trace, (options) =>
      queue.add("github.digest", task.payload, {
        jobId: task.id,
        timestamp: task.createdAt,
        delay: task.delayMs,
        attempts: task.attempts,
        backoff: task.backoff,
        deduplication: { id: task.deduplicationId },
        ...options,
      }),
    ),
    redis.zadd(keys.taskIndex, 0, task.id),
  ]);
  const id = job.id ?? task.id;
  const isDuplicate = id !== task.id;
  if (isDuplicate) await redis.zrem(keys.taskIndex, task.id);
  return { id, isDuplicate };
}

/** Any priority keeps captures out of the list of waiting tasks, whose length may be limited. */
const CAPTURE_PRIORITY = 1;

/** Queues the collection that a task with `snapshotAt: "request"` delivers later; once per task. */
export async function addCapture(
  { tasks: { queue } }: Queues,
  task: Pick<NewTask, "id" | "payload" | "attempts" | "backoff" | "trace">,
): Promise<void> {
  const { username, repository } = task.payload;
  const payload = { taskId: task.id, username, repository };
  await addTraced(queue, task.trace, (options) =>
    queue.add("github.capture", payload, {
      jobId: `c${task.id.slice(1)}`,
      attempts: task.attempts,
      backoff: task.backoff,
      removeOnComplete: true,
      priority: CAPTURE_PRIORITY,
      ...options,
    }),
  );
}

export interface NewMessage {
  readonly id: string;
  readonly payload: SendPayload;
  readonly createdAt: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
  readonly backoff: BackoffOptions;
  readonly trace?: TraceContext | undefined;
}

/**
 * Queues the sending of a document, at once. Adding the same id twice adds it once.
 *
 * @throws the connection's error when Redis is away: nothing is then known to be queued.
 */
export async function addMessage(queues: Queues, keys: Keys, message: NewMessage): Promise<void> {
  const { queue, redis } = queues.tasks;
  const { id, payload, createdAt, attempts, backoff } = message;
  await Promise.all([
    addTraced(queue, message.trace, (options) =>
      queue.add("message.send", payload, { jobId: id, timestamp: createdAt, attempts, backoff, ...options }),
    ),
    redis.zadd(keys.taskIndex, 0, id),
  ]);
}

export interface NewDelivery {
  readonly id: string;
  readonly payload: DeliveryPayload;
  readonly attempts: number;
  readonly backoff: BackoffOptions;
  readonly trace?: TraceContext | undefined;
}

/** Queues deliveries, all or none. Adding one twice adds it once. */
export async function addDeliveries(queues: Queues, keys: Keys, deliveries: readonly NewDelivery[]): Promise<void> {
  const { queue } = queues.deliveries;
  const timestamp = Date.now();
  const adding = queue.addBulk(
    deliveries.map(({ id, payload, attempts, backoff, trace }) => ({
      name: "message.deliver",
      data: payload,
      opts: { jobId: id, timestamp, attempts, backoff, ...toTraceOptions(queue, trace) },
    })),
  );
  const ids = deliveries.map(({ id }) => id);
  await Promise.all([adding, indexDeliveries(queues.deliveries, keys, ids, timestamp)]);
}

/** Whether a delivery was queued, whatever has become of it since, as long as its job is kept. */
export async function hasDelivery({ queue }: OpenQueue, id: string): Promise<boolean> {
  return (await queue.getJobState(id)) !== "unknown";
}
