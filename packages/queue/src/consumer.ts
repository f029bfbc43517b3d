import type { QueueName } from "@hookline/contracts";
import type { TraceContext } from "@hookline/runtime";
import { type Job, type KeepJobs, type Telemetry, Worker } from "bullmq";
import { backoffStrategy, toTaskError } from "./backoff.ts";
import { isRedisAway, type RedisConnection } from "./connections.ts";
import { createJobRunner, type RunnerOptions } from "./job-runner.ts";
import { readTrace } from "./trace.ts";

export interface ConsumerOptions extends RunnerOptions {
  readonly connection: RedisConnection;
  readonly concurrency: number;
  readonly keepCompleted: KeepJobs;
  readonly keepFailed: KeepJobs;
  /** BullMQ's spans. */
  readonly spans?: Telemetry | undefined;
  /** Without spans: runs a job as a part of the trace that it was added in. */
  readonly within?: <T>(trace: TraceContext | undefined, work: () => T) => T;
  /** Told of jobs whose worker was lost at work: put back, or failed because that happened too many times. */
  readonly onStalled?: (queue: QueueName, fate: "recovered" | "failed") => void;
}

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
const RECOVERY = {
  lockDuration: 15_000,
  lockRenewTime: 5000,
  stalledInterval: 5000,
  // BullMQ would fail such a job behind everybody's back; `judgeSuspect` does it as any other failure.
  maxStalledCount: Number.MAX_SAFE_INTEGER,
};
const SHUTDOWN = "shutdown";
const INTERRUPT_AGAIN_MS = 50;

/** Starts working a queue's jobs with the processors of their kinds. */
export function startConsumer(options: ConsumerOptions): Consumer {
  const { open, log } = options;
  const name = open.queue.name as QueueName;
  const activity = { active: 0, lastStartedAt: Date.now() };
  const run = createJobRunner(options);
  const { within = withoutTrace } = options;
  const worker = new Worker(
    name,
    async (job: Job, token?: string, signal?: AbortSignal) => {
      activity.active += 1;
      activity.lastStartedAt = Date.now();
      try {
        return await within(readTrace(job), () => run(job, token ?? "", signal ?? new AbortController().signal));
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
      ...(options.spans === undefined ? {} : { telemetry: options.spans }),
    },
  );
  worker.on("error", (error) =>
    log[isRedisAway(error) ? "debug" : "warn"]("queue.error", { queue: name, error: error.message }),
  );
  worker.on("stalled", (id) => {
    options.onStalled?.(name, "recovered");
    log.warn("job.recovered", { queue: name, id });
  });
  worker.on("failed", (_job, error) => {
    if (toTaskError(error.message).code === "worker_lost") options.onStalled?.(name, "failed");
  });
  return { name, concurrency: options.concurrency, activity: () => activity, drain: (ms) => drain(worker, ms) };
}

function withoutTrace<T>(_trace: TraceContext | undefined, work: () => T): T {
  return work();
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
