import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Logger, parseTraceContext, type TraceContext, toTraceId } from "@hookline/runtime";

/** A request that we send to somebody. */
export interface OutgoingCall {
  readonly method: string;
  readonly url: URL;
  /** Whether the path may be told: a webhook's is a secret. */
  readonly isPathShown: boolean;
}

/** Runs one outgoing request as a part of the current trace, whose headers `work` is to send, if there are any. */
export type TraceCall = <T>(
  call: OutgoingCall,
  work: (trace: TraceContext | undefined) => Promise<T>,
  toStatus: (answer: T) => number | undefined,
) => Promise<T>;

/** For work that belongs to no trace. */
export const withoutTrace: TraceCall = (_call, work) => work(undefined);

/** How the parts of one piece of work find each other. */
export interface Tracing {
  /** Whether there are spans, or traces are only passed on. */
  readonly hasSpans: boolean;
  /** Begins to answer a request. */
  serve(request: IncomingMessage, response: ServerResponse, route: string): void;
  /** The trace that a request belongs to. */
  traceOf(request: IncomingMessage): TraceContext | undefined;
  /** Runs work as a part of a trace. */
  within<T>(trace: TraceContext | undefined, work: () => T): T;
  /** The trace that the work under way belongs to. */
  current(): TraceContext | undefined;
  readonly call: TraceCall;
  /** Sends the spans that are left, within a second. */
  close(): Promise<void>;
}

/**
 * Passes traces on and makes no spans: whoever brought a trace finds it at GitHub and at webhooks. Work that belongs
 * to no trace costs nothing, the storage included: it is switched on by the first trace.
 */
export function createPassing(): Tracing {
  const storage = new AsyncLocalStorage<TraceContext>();
  return {
    hasSpans: false,
    serve: () => undefined,
    traceOf: readHeaders,
    within: (trace, work) => (trace === undefined ? work() : storage.run(trace, work)),
    current: () => storage.getStore(),
    call: (_call, work) => work(storage.getStore()),
    close: async () => undefined,
  };
}

/** The trace that a request's headers tell of. A header that was sent more than once is joined by commas. */
export function readHeaders({ headers }: IncomingMessage): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  return traceparent === undefined ? undefined : parseTraceContext(String(traceparent), tracestate?.toString());
}

/** What a line of a traced piece of work says of its trace. */
export function toTraceFields(trace: TraceContext | undefined): { readonly traceId?: string } {
  return trace === undefined ? {} : { traceId: toTraceId(trace) };
}

/** A logger whose lines carry the id of the trace that the work under way belongs to. */
export function logTraceId(log: Logger, tracing: Pick<Tracing, "current">): Logger {
  const add = (level: keyof Logger): Logger[keyof Logger] => {
    return (event, fields) => {
      const trace = tracing.current();
      log[level](event, trace === undefined ? fields : { ...toTraceFields(trace), ...fields });
    };
  };
  return { debug: add("debug"), info: add("info"), warn: add("warn"), error: add("error") };
}
