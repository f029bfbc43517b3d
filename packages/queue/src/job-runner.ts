import { type TaskError, type TaskKind, taskCatalog } from "@hookline/contracts";
import { createValidator, errorMessage, type Logger, PermanentError } from "@hookline/runtime";
import { DelayedError, type Job, WaitingError } from "bullmq";
import { toTaskError, toVerdict } from "./backoff.ts";
import { isRedisRefusing } from "./connections.ts";
import { holdDeduplication } from "./deduplication.ts";
import { toWaitNote } from "./job-record.ts";
import { toOtherVersion } from "./other-version.ts";
import type { JobContext, JobOutcome, Processors } from "./processor.ts";
import type { OpenQueue } from "./queues.ts";
import { judgeSuspect } from "./suspects.ts";
import { readTrace } from "./trace.ts";

export interface RunnerOptions {
  readonly open: OpenQueue;
  readonly prefix: string;
  readonly processors: Processors;
  readonly log: Logger;
  readonly onOutcome?: (kind: TaskKind, outcome: JobOutcome) => void;
  /** Told of every job that fails for good, before it does. */
  readonly onExhausted?: (job: ExhaustedJob) => Promise<void>;
  /** How many ms a job that is not understood waits for a replica that does; none unless others may be there. */
  readonly patienceMs?: () => Promise<number>;
}

export interface ExhaustedJob {
  readonly kind: TaskKind;
  readonly id: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly error: TaskError;
}

/**
 * Runs one job: gives its deduplication key back, parses its payload, calls its processor, and turns what that throws
 * into BullMQ's terms.
 */
export function createJobRunner(options: RunnerOptions) {
  const validators = new Map(
    Object.entries(taskCatalog).map(([kind, { payload }]) => [kind, createValidator<unknown>(payload)]),
  );

  return async (job: Job, token: string, signal: AbortSignal): Promise<unknown> => {
    const kind = job.name as TaskKind;
    try {
      await job.removeDeduplicationKey();
      await judgeSuspect(options.open, options.prefix, job);
      const process = options.processors[kind] as Process | undefined;
      const problem = findProblem(process, validators.get(kind), job);
      if (problem !== undefined) throw toOtherVersion(job, problem, (await options.patienceMs?.()) ?? 0);
      const result = await process?.(job.data, toContext(job, signal));
      options.onOutcome?.(kind, "completed");
      return result;
    } catch (error) {
      if (signal.aborted) return putBack(options, job, token);
      return await settleFailure(options, job, token, error);
    }
  };
}

type Process = (payload: unknown, context: JobContext) => Promise<unknown>;

/** Old jobs outlive deploys, and newer ones come before: the kind may be unknown, and the payload is parsed again. */
function findProblem(
  process: Process | undefined,
  validate: ReturnType<typeof createValidator<unknown>> | undefined,
  job: Job,
): PermanentError | undefined {
  if (process === undefined) return new PermanentError("unknown_kind", `no processor for tasks of kind ${job.name}`);
  const validation = validate?.(job.data);
  if (validation === undefined || validation.isValid) return undefined;
  const problems = validation.errors.map(({ pointer, message }) => `${pointer} ${message}`).join("; ");
  return new PermanentError("invalid_payload", `the job's payload is not one this version understands: ${problems}`);
}

function toContext(job: Job, signal: AbortSignal): JobContext {
  const { backoff } = job.opts;
  return {
    id: job.id ?? "",
    attempt: job.attemptsMade + 1,
    attemptsMax: job.opts.attempts ?? 1,
    backoff: typeof backoff === "object" ? backoff : { type: "fixed", delay: backoff ?? 0 },
    createdAt: job.timestamp,
    trace: readTrace(job),
    wasTakenOver: job.stalledCounter > 0,
    signal,
  };
}

async function putBack(options: RunnerOptions, job: Job, token: string): Promise<never> {
  options.onOutcome?.(job.name as TaskKind, "interrupted");
  await unlessRefused(holdDeduplication(options.open, job));
  await job.moveToWait(token);
  throw new WaitingError();
}

async function settleFailure(options: RunnerOptions, job: Job, token: string, error: unknown): Promise<never> {
  const kind = job.name as TaskKind;
  const verdict = toVerdict(error);
  const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  if (verdict.kind === "wait") {
    const until = Date.now() + verdict.delayMs;
    await unlessRefused(holdDeduplication(options.open, job));
    await unlessRefused(job.updateProgress({ reason: verdict.reason, until, since: waitsSince(job, verdict.reason) }));
    await job.moveToDelayed(until, token);
    options.onOutcome?.(kind, "waited");
    throw new DelayedError();
  }
  if (verdict.kind === "retry" && !isLast) await unlessRefused(holdDeduplication(options.open, job));
  const outcome = verdict.kind === "fail" || isLast ? "failed" : "retried";
  options.onOutcome?.(kind, outcome);
  options.log[outcome === "failed" ? "warn" : "info"](`job.${outcome}`, {
    kind,
    id: job.id,
    attempt: job.attemptsMade + 1,
    error: errorMessage(verdict.error),
  });
  if (outcome === "failed") await tellExhausted(options, job, verdict.error);
  throw verdict.error;
}

/** A full Redis still moves jobs: that a request may be taken twice, or the reason is not shown, must not cost an attempt. */
async function unlessRefused(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isRedisRefusing(error)) throw error;
  }
}

function waitsSince(job: Job, reason: string): number {
  const note = toWaitNote(job.progress);
  return note?.reason === reason ? note.since : Date.now();
}

/** Nobody hears of a notice that could not be queued but the log: the job itself fails either way. */
async function tellExhausted({ onExhausted, log }: RunnerOptions, job: Job, error: Error): Promise<void> {
  const [kind, id] = [job.name as TaskKind, job.id ?? ""];
  const exhausted = { kind, id, payload: job.data, attempts: job.attemptsMade + 1, error: toTaskError(error.message) };
  await onExhausted?.(exhausted).catch((reason: unknown) =>
    log.warn("operator.not_told", { id, error: errorMessage(reason) }),
  );
}
