import type { DigestPayload, DigestResult, NextAttempt, SendResult, Task, TaskStatus } from "@hookline/contracts";
import { type JobRecord, type NewTask, toTaskError } from "@hookline/queue";
import type { DeliveryView } from "../deliveries/delivery-view.ts";
import { toIso, toNextAttempt } from "./next-attempt.ts";

/** A task that has just been queued, without asking Redis for it. */
export function toNewTask(task: NewTask): Task {
  return toTask(
    {
      id: task.id,
      name: "github.digest",
      state: task.delayMs > 0 ? "delayed" : "waiting",
      payload: task.payload,
      createdAt: task.createdAt,
      firstDueAt: task.createdAt + task.delayMs,
      dueAt: task.createdAt + task.delayMs,
      attemptsMade: 0,
      attemptsMax: task.attempts,
      failedReason: undefined,
      result: undefined,
      wait: undefined,
    },
    [],
  );
}

/** Tells a task from its job and its deliveries. Pure. */
export function toTask(job: JobRecord, deliveries: readonly DeliveryView[]): Task {
  const status = toStatus(job, deliveries);
  return {
    id: job.id,
    kind: job.name,
    status,
    ...toPair(job),
    createdAt: toIso(job.createdAt),
    runAt: toIso(job.firstDueAt),
    attempts: {
      made: Math.max(job.attemptsMade, ...deliveries.map((delivery) => delivery.attempts)),
      max: job.attemptsMax,
    },
    nextAttempt: toNextAttempt(job) ?? earliest(deliveries.map((delivery) => delivery.nextAttempt)),
    error: toError(job, deliveries),
    result: toResult(job),
    deliveries: deliveries.map(({ id, target, status, attempts }) => ({ id, target, status, attempts })),
    links: toLinks(job.id, status),
  };
}

/** How a completed job ended, whichever kind of task it was. */
function resultOf(job: JobRecord): DigestResult | SendResult | undefined {
  return job.state === "completed" ? (job.result as DigestResult | SendResult) : undefined;
}

/** Only a digest's result tells of a repository. */
function digestResultOf(job: JobRecord): DigestResult | undefined {
  const result = resultOf(job);
  return result !== undefined && "collectedAt" in result ? result : undefined;
}

/** The repository as it is called now, else as it was asked for; an event's task has none. */
function toPair(job: JobRecord): Pick<Task, "username" | "repository"> {
  const { username, repository } = digestResultOf(job) ?? (job.payload as Partial<DigestPayload>);
  return { username: username ?? null, repository: repository ?? null };
}

function toResult(job: JobRecord): Task["result"] {
  const result = digestResultOf(job);
  if (result === undefined) return null;
  const { collectedAt, githubRequests, isStale, isPartial } = result;
  return { collectedAt, githubRequests, stale: isStale, partial: isPartial };
}

function toStatus(job: JobRecord, deliveries: readonly DeliveryView[]): TaskStatus {
  switch (job.state) {
    case "delayed":
      return "scheduled";
    case "waiting":
      return "queued";
    case "active":
      return "running";
    case "failed":
      return "failed";
    case "completed":
      if (resultOf(job)?.outcome === "unchanged") return "unchanged";
      if (deliveries.some(({ status }) => status === "failed")) return "failed";
      return deliveries.every(({ status }) => status === "delivered") ? "delivered" : "delivering";
  }
}

function toError(job: JobRecord, deliveries: readonly DeliveryView[]): Task["error"] {
  const isOver = job.state === "completed" || job.state === "active";
  if (!isOver && job.failedReason !== undefined) return toTaskError(job.failedReason);
  const failed = deliveries.find(({ status }) => status === "failed") ?? deliveries.find(({ error }) => error !== null);
  return failed?.error ?? null;
}

function earliest(attempts: readonly (NextAttempt | null)[]): NextAttempt | null {
  const known = attempts.filter((attempt) => attempt !== null);
  return known.sort((a, b) => a.at.localeCompare(b.at))[0] ?? null;
}

function toLinks(id: string, status: TaskStatus): Record<string, string> {
  const self = `/tasks/${id}`;
  if (status === "scheduled" || status === "queued") return { self, cancel: self, run: `${self}/run` };
  return status === "failed" ? { self, retry: `${self}/retry` } : { self };
}
