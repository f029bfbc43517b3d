import { type DeliveryPayload, type DeliveryStatus, ORDER_DIGITS, toDeliveryId, toTaskId } from "@hookline/contracts";
import { indexDeliveries, toTargetKey } from "@hookline/queue";
import { waitUntil } from "@hookline/testing";
import type { TestIngest } from "./ingest.ts";

export interface TestDelivery {
  readonly id: string;
  readonly target: string;
  readonly createdAt: number;
}

export interface DeliveryOptions {
  readonly target?: string;
  /** ms since the epoch. */
  readonly createdAt?: number;
  readonly delayMs?: number;
  /** Whether the message lies in Redis; it does unless told otherwise. */
  readonly hasBody?: boolean;
}

const BODY_TTL_MS = 60_000;
let made = 0;

/** Queues deliveries as the worker does, with times and delays of the test's choosing. */
export async function makeDeliveries(ingest: TestIngest, all: readonly DeliveryOptions[]): Promise<TestDelivery[]> {
  const { queues, redis, keys } = ingest.deps;
  const jobs = all.map(({ target = "default", createdAt = Date.now(), delayMs = 0, hasBody = true }) => {
    made += 1;
    const taskId = toTaskId(createdAt, made.toString(16).padStart(ORDER_DIGITS, "0"));
    const data: DeliveryPayload = { taskId, target, bodyId: `${taskId}-body` };
    const jobId = toDeliveryId(taskId, toTargetKey(target));
    const opts = { jobId, timestamp: createdAt, delay: delayMs, attempts: 2, backoff: { type: "fixed", delay: 10 } };
    return { name: "message.deliver", data, opts, hasBody };
  });
  const bodies = redis.pipeline();
  for (const { data, hasBody } of jobs) if (hasBody) bodies.set(keys.messageBody(data.bodyId), "{}", "PX", BODY_TTL_MS);
  await bodies.exec();
  await queues.deliveries.queue.addBulk(jobs.map(({ name, data, opts }) => ({ name, data, opts })));
  await indexDeliveries(
    queues.deliveries,
    keys,
    jobs.map(({ opts }) => opts.jobId),
    Date.now(),
  );
  return jobs.map(({ data, opts }) => ({ id: opts.jobId, target: String(data.target), createdAt: opts.timestamp }));
}

export async function makeDelivery(ingest: TestIngest, options: DeliveryOptions = {}): Promise<TestDelivery> {
  const [delivery] = await makeDeliveries(ingest, [options]);
  if (delivery === undefined) throw new Error("there is none");
  return delivery;
}

/** Waits until each of the deliveries has the status. */
export async function untilAll(ingest: TestIngest, ids: readonly string[], status: DeliveryStatus): Promise<void> {
  const states: Partial<Record<DeliveryStatus, string>> = { delivered: "completed", failed: "failed" };
  const { queue } = ingest.deps.queues.deliveries;
  await waitUntil(
    async () => {
      const found = await Promise.all(ids.map((id) => queue.getJobState(id)));
      return found.every((state) => state === states[status]);
    },
    { what: `${ids.length} deliveries are ${status}` },
  );
}
