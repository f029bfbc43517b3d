import { parseTraceContext, type TraceContext } from "@hookline/runtime";
import type { Job, JobsOptions, Queue, Telemetry } from "bullmq";
import type { Queues } from "./queues.ts";

/** BullMQ's spans, for the OpenTelemetry that the process has set up. Loaded only when it is asked for. */
export async function loadSpans(): Promise<Telemetry> {
  const { BullMQOtel } = await import("bullmq-otel");
  return new BullMQOtel({ tracerName: "hookline" });
}

/** Makes spans of what is added from now on. */
export function traceQueues(queues: Queues, spans: Telemetry): void {
  for (const { queue } of Object.values(queues)) queue.opts.telemetry = spans;
}

type TraceOptions = Pick<JobsOptions, "telemetry">;

/**
 * Adds a job as a part of a trace: with spans, by running `add` in it, so that BullMQ's own span comes between; else by
 * leaving the trace in the job where a worker with spans would look for it, too. Jobs without a trace stay as they are.
 */
export function addTraced<T>(
  queue: Queue,
  trace: TraceContext | undefined,
  add: (options: TraceOptions) => Promise<T>,
): Promise<T> {
  if (trace === undefined) return add({});
  const manager = queue.opts.telemetry?.contextManager;
  if (manager === undefined) return add(toTraceOptions(queue, trace));
  return manager.with(manager.fromMetadata(manager.active(), JSON.stringify(trace)), () => add({}));
}

/** A job's options that say which trace it belongs to; with spans BullMQ says it itself. */
export function toTraceOptions(queue: Queue, trace: TraceContext | undefined): TraceOptions {
  if (trace === undefined || queue.opts.telemetry !== undefined) return {};
  return { telemetry: { metadata: JSON.stringify(trace) } };
}

/** The trace that a job was added in. What is no trace is none: jobs outlive deploys. */
export function readTrace(job: Job): TraceContext | undefined {
  const metadata = job.opts.telemetry?.metadata;
  if (metadata === undefined) return undefined;
  try {
    const { traceparent, tracestate } = JSON.parse(metadata) as Record<string, unknown>;
    return parseTraceContext(toText(traceparent), toText(tracestate));
  } catch {
    return undefined;
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
