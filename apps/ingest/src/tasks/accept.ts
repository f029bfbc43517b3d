import { type InlineTarget, LONGEST_DELAY_MS, type TaskRequest } from "@hookline/contracts";
import {
  addCapture,
  addTask,
  admit,
  type NewTask,
  saveInlineTarget,
  toBackoffOptions,
  toDeduplicationId,
  toTargetName,
} from "@hookline/queue";
import type { TraceContext } from "@hookline/runtime";
import { toTraceFields } from "@hookline/telemetry";
import type { IngestSettings } from "../config.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Refusal } from "./refusal.ts";
import { resolveTargets } from "./targets.ts";

export interface Accepted {
  readonly isRefused: false;
  readonly isDuplicate: boolean;
  /** The task as it was asked for, under the id that it has: a duplicate's is the waiting task's. */
  readonly task: NewTask;
}

export type Acceptance = Accepted | Refusal;

/** The id that a task is given, and the trace that it was asked for in. */
export interface Origin {
  readonly id: string;
  readonly trace: TraceContext | undefined;
}

/**
 * Queues a valid request under its id, unless the same one waits already.
 *
 * @throws the connection's error when Redis is away, ReplicationError when its replicas are; repeating the call with the same id is then safe.
 */
export async function acceptTask(deps: Dependencies, request: TaskRequest, origin: Origin): Promise<Acceptance> {
  const prepared = prepare(deps, request, origin);
  if ("isRefused" in prepared) return prepared;
  const limit = deps.settings.RATE_LIMIT_MAX_SIMULTANEOUS_JOBS;
  return limit > 0 ? addWithinLimit(deps, prepared, limit) : add(deps, prepared);
}

/** A task with the targets that its request brought along: jobs know those by name only. */
interface PreparedTask extends NewTask {
  readonly inlineTargets: readonly InlineTarget[];
}

async function addWithinLimit(deps: Dependencies, task: PreparedTask, limit: number): Promise<Acceptance> {
  const admission = await admit(deps.queues.tasks, deps.keys, { ...task, limit });
  switch (admission.result) {
    case "admitted":
      try {
        return await add(deps, task);
      } finally {
        await admission.release();
      }
    case "waits":
      return toAccepted(deps, { ...task, id: admission.id }, true);
    case "refused": {
      const detail = `${limit} tasks are waiting already`;
      return { isRefused: true, problem: "too_many_tasks", detail, retryAfterMs: admission.retryAfterMs };
    }
  }
}

async function add(deps: Dependencies, { inlineTargets, ...task }: PreparedTask): Promise<Accepted> {
  const { redis, keys } = deps;
  await Promise.all(inlineTargets.map((target) => saveInlineTarget(redis, keys, { target, delayMs: task.delayMs })));
  const { id, isDuplicate } = await addTask(deps.queues, deps.keys, task);
  // Also for a repeated request: the first may have been cut off before its capture was queued.
  if (task.payload.snapshotAt === "request") await addCapture(deps.queues, { ...task, id });
  await deps.replication.confirm(id);
  return toAccepted(deps, { ...task, id }, isDuplicate);
}

function toAccepted(deps: Dependencies, task: NewTask, isDuplicate: boolean): Accepted {
  const { id, delayMs, trace } = task;
  const { username, repository } = task.payload;
  deps.metrics.countTask(isDuplicate ? "duplicate" : "queued");
  deps.log.info("task.accepted", { id, isDuplicate, username, repository, delayMs, ...toTraceFields(trace) });
  return { isRefused: false, isDuplicate, task };
}

function prepare(deps: Dependencies, request: TaskRequest, { id, trace }: Origin): PreparedTask | Refusal {
  const { settings } = deps;
  const now = Date.now();
  const resolved = resolveTargets(deps, request.targets);
  if (resolved.isRefused) return resolved;
  const delayMs = toDelayMs(settings, request, now);
  if (typeof delayMs !== "number") return delayMs;
  const { username, repository, onlyIfChanged } = request;
  const snapshotAt = request.snapshotAt ?? settings.SNAPSHOT_AT;
  return {
    id,
    payload: {
      username,
      repository,
      targets: resolved.targets.map(toTargetName),
      ...(onlyIfChanged === true ? { onlyIfChanged } : {}),
      ...(snapshotAt === "request" ? { snapshotAt } : {}),
    },
    deduplicationId: toDeduplicationId(request, resolved.keys),
    createdAt: now,
    delayMs,
    trace,
    inlineTargets: resolved.targets.filter((target) => typeof target !== "string"),
    attempts: (request.retryMaxAttempts ?? settings.RETRY_MAX_ATTEMPTS) + 1,
    backoff: toBackoffOptions(settings.RETRY_BACKOFF, request.rescheduleInterval ?? settings.RESCHEDULE_INTERVAL),
  };
}

function toDelayMs(settings: IngestSettings, request: TaskRequest, now: number): number | Refusal {
  if (request.runAt === undefined) return request.scheduleInterval ?? settings.SCHEDULE_INTERVAL;
  if (request.scheduleInterval !== undefined) return refuseRunAt("give either runAt or scheduleInterval, not both");
  const delayMs = Date.parse(request.runAt) - now;
  if (Number.isNaN(delayMs)) return refuseRunAt("is not a date and time that exists");
  if (delayMs > LONGEST_DELAY_MS) return refuseRunAt("must be at most a year ahead");
  return Math.max(0, delayMs);
}

function refuseRunAt(message: string): Refusal {
  return {
    isRefused: true,
    problem: "invalid_request",
    detail: `runAt ${message}`,
    errors: [{ pointer: "/runAt", message }],
  };
}
