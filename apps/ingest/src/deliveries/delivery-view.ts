import type { DeliveryStatus, NextAttempt, TaskError } from "@hookline/contracts";
import { type JobRecord, lastAttempt, type Queues, type RedisConnection, readJob, toTaskError } from "@hookline/queue";
import type { Keys } from "@hookline/runtime";
import { toNextAttempt } from "../tasks/next-attempt.ts";

/** A delivery as its task shows it. */
export interface DeliveryView {
  readonly id: string;
  readonly target: string;
  readonly status: DeliveryStatus;
  /** Attempts used up; waits that the target asked for use none. */
  readonly attempts: number;
  readonly nextAttempt: NextAttempt | null;
  readonly error: TaskError | null;
}

interface Sources {
  readonly queues: Queues;
  readonly redis: RedisConnection;
  readonly keys: Keys;
}

/** Reads a delivery; one whose job was cleared away is told from its attempt log. */
export async function readDelivery(
  sources: Sources,
  delivery: { readonly id: string; readonly target: string },
): Promise<DeliveryView> {
  const job = await readJob(sources.queues.deliveries, delivery.id);
  if (job !== undefined) return toDeliveryView(delivery, job);
  const last = await lastAttempt(sources.redis, sources.keys, delivery.id);
  const status = last?.outcome === "delivered" ? "delivered" : "failed";
  return { ...delivery, status, attempts: last?.number ?? 0, nextAttempt: null, error: null };
}

/** Tells a delivery from its job. Pure. */
export function toDeliveryView(delivery: { id: string; target: string }, job: JobRecord): DeliveryView {
  const status = toStatus(job);
  return {
    ...delivery,
    status,
    attempts: job.attemptsMade,
    nextAttempt: toNextAttempt(job),
    error: toError(job),
  };
}

/** What went wrong last. A delivery that was sent again begins anew: BullMQ still knows why it failed before. */
function toError({ state, attemptsMade, failedReason }: JobRecord): TaskError | null {
  const isTold = state === "failed" || ((state === "delayed" || state === "waiting") && attemptsMade > 0);
  return isTold && failedReason !== undefined ? toTaskError(failedReason) : null;
}

function toStatus(job: JobRecord): DeliveryStatus {
  switch (job.state) {
    case "delayed":
      return toNextAttempt(job)?.reason === "target_disabled" ? "parked" : "scheduled";
    case "waiting":
      return "queued";
    case "active":
      return "running";
    case "completed":
      return "delivered";
    case "failed":
      return "failed";
  }
}
