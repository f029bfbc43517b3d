import { type PayloadOf, type QueueName, type TaskKind, taskCatalog } from "@hookline/contracts";
import { createValidator, errorMessage, type Logger, PermanentError } from "@hookline/runtime";
import { type BackoffOptions, DelayedError, type Job, type KeepJobs, WaitingError, Worker } from "bullmq";
import { backoffStrategy, toVerdict } from "./backoff.ts";
import { isRedisAway, type RedisConnection } from "./connections.ts";
import { holdDeduplication } from "./deduplication.ts";
import type { OpenQueue } from "./queues.ts";

/** What a processor is told beside its payload. */
export interface JobContext {
  readonly id: string;
  /** Counted from 1. */
  readonly attempt: number;
  readonly attemptsMax: number;
  readonly backoff: BackoffOptions;
  readonly createdAt: number;
  /** Aborted when the process must end before the job does. */
  readonly signal: AbortSignal;
}

export type Processor<K extends TaskKind> = (payload: PayloadOf<K>, context: JobContext) => Promise<unknown>;
export type Processors = { readonly [K in TaskKind]: Processor<K> };

export interface ConsumerOptions {
  readonly open: OpenQueue;
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly concurrency: number;
  readonly processors: Processors;
  readonly keepCompleted: KeepJobs;
  readonly keepFailed: KeepJobs;
  readonly log: Logger;
  readonly onOutcome?: (kind: TaskKind, outcome: JobOutcome) => void;
}

export type JobOutcome = "completed" | "retried" | "waited" | "failed" | "interrupted";

export interface Consumer {
  readonly name: QueueName;
  /** Jobs being worked on here and when the last one was started (ms). */
  activity(): { readonly active: number; readonly lastStartedAt: number };
  readonly concurrency: number;
  /** Takes no more jobs and waits for those under way; after `graceMs` they are interrupted and put back. */
  drain(graceMs: number): Promise<void>;
}

/**
 * A killed process's jobs are taken over when their lock has lapsed (15 s) at the next look (every 5 s): within
 * 30 s even when the look has just been missed.
 */
const RECOVERY = { lockDuration: 15_000, lockRenewTime: 5000, stalledInterval: 5000, maxStalledCount: 3 };
const SHUTDOWN = "shutdown";
const INTERRUPT_AGAIN_MS = 50;

/** Starts working a queue's jobs with the processors of their kinds. */
export function startConsumer(options: ConsumerOptions): Consumer {
  const { open, log } = options;
  const name = open.queue.name as QueueName;
  const activity = { active: 0, lastStartedAt: Date.now() };
  const run = createRunner(options);
  const worker = new Worker(
    name,
    async (job: Job, token?: string, signal?: AbortSignal) => {
      activity.active += 1;
      activity.lastStartedAt = Date.now();
      try {
        return await run(job, token ?? "", signal ?? new AbortController().signal);
      } finally {
        activity.active -= 1;
      }
    },
    {
      connection: options.connection,
      prefix: options.prefix,
      concurrency: options.concurrency,
      removeOnComplete: options.keepCompleted,
      removeOnFail: options.keepFailed,
      settings: { backoffStrategy },
      runRetryDelay: 1000,
      ...RECOVERY,
    },
  );
  worker.on("error", (error) =>
    log[isRedisAway(error) ? "debug" : "warn"]("queue.error", { queue: name, error: error.message }),
  );
  worker.on("stalled", (id) => log.warn("job.recovered", { queue: name, id }));
  return { name, concurrency: options.concurrency, activity: () => activity, drain: (ms) => drain(worker, ms) };
}

async function drain(worker: Worker, graceMs: number): Promise<void> {
  const closing = worker.close();
  let repeat: NodeJS.Timeout | undefined;
  const interrupt = setTimeout(() => {
    worker.cancelAllJobs(SHUTDOWN);
    // A job that was being fetched just then begins only now.
    repeat = setInterval(() => worker.cancelAllJobs(SHUTDOWN), INTERRUPT_AGAIN_MS);
  }, graceMs);
  try {
    await closing;
  } finally {
    clearTimeout(interrupt);
    clearInterval(repeat);
  }
}

function createRunner(options: ConsumerOptions) {
  const validators = new Map(
    Object.entries(taskCatalog).map(([kind, { payload }]) => [kind, createValidator<unknown>(payload)]),
  );

  return async (job: Job, token: string, signal: AbortSignal): Promise<unknown> => {
    const kind = job.name as TaskKind;
    try {
      await job.removeDeduplicationKey();
      const process = options.processors[kind] as
        | ((payload: unknown, context: JobContext) => Promise<unknown>)
        | undefined;
      const result = await requireProcessor(process, kind)(
        parsePayload(validators.get(kind), job),
        toContext(job, signal),
      );
      options.onOutcome?.(kind, "completed");
      return result;
    } catch (error) {
      if (signal.aborted) return putBack(options, job, token);
      return await settleFailure(options, job, token, error);
    }
  };
}

/** Old jobs outlive deploys: a payload is parsed again, and one that no longer fits fails for good. */
function parsePayload(validate: ReturnType<typeof createValidator<unknown>> | undefined, job: Job): unknown {
  const validation = validate?.(job.data);
  if (validation === undefined || validation.isValid) return job.data;
  const problems = validation.errors.map(({ pointer, message }) => `${pointer} ${message}`).join("; ");
  throw new PermanentError("invalid_payload", `the job's payload is not one this version understands: ${problems}`);
}

function requireProcessor<T>(process: T | undefined, kind: string): T {
  if (process === undefined) throw new PermanentError("unknown_kind", `no processor for tasks of kind ${kind}`);
  return process;
}

function toContext(job: Job, signal: AbortSignal): JobContext {
  const { backoff } = job.opts;
  return {
    id: job.id ?? "",
    attempt: job.attemptsMade + 1,
    attemptsMax: job.opts.attempts ?? 1,
    backoff: typeof backoff === "object" ? backoff : { type: "fixed", delay: backoff ?? 0 },
    createdAt: job.timestamp,
    signal,
  };
}

async function putBack(options: ConsumerOptions, job: Job, token: string): Promise<never> {
  options.onOutcome?.(job.name as TaskKind, "interrupted");
  await holdDeduplication(options.open, job);
  await job.moveToWait(token);
  throw new WaitingError();
}

async function settleFailure(options: ConsumerOptions, job: Job, token: string, error: unknown): Promise<never> {
  const kind = job.name as TaskKind;
  const verdict = toVerdict(error);
  const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
  if (verdict.kind === "wait") {
    const until = Date.now() + verdict.delayMs;
    await holdDeduplication(options.open, job);
    await job.updateProgress({ reason: verdict.reason, until });
    await job.moveToDelayed(until, token);
    options.onOutcome?.(kind, "waited");
    throw new DelayedError();
  }
  if (verdict.kind === "retry" && !isLast) await holdDeduplication(options.open, job);
  const outcome = verdict.kind === "fail" || isLast ? "failed" : "retried";
  options.onOutcome?.(kind, outcome);
  options.log[outcome === "failed" ? "warn" : "info"](`job.${outcome}`, {
    kind,
    id: job.id,
    attempt: job.attemptsMade + 1,
    error: errorMessage(verdict.error),
  });
  throw verdict.error;
}
