import type { IncomingMessage, ServerResponse } from "node:http";
import { delay, type Logger, parseTraceContext, type TraceContext } from "@hookline/runtime";
import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { createSampler } from "./sampler.ts";
import { type OutgoingCall, readHeaders, type TraceCall, type Tracing } from "./tracing.ts";

export interface SpansOptions {
  /** The collector's base address, to which /v1/traces is added. */
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  /** Of the traces begun here. */
  readonly share: number;
  readonly log: Logger;
}

/** Spans go out this often; a collector that does not answer in time loses them, and nothing else. */
const EXPORT_MS = 1000;
const EXPORT_TIMEOUT_MS = 3000;
const CLOSE_MS = 1000;

/** Makes spans and sends them to a collector. It is registered for the process: BullMQ's spans use it as well. */
export function startSpans(options: SpansOptions): Tracing {
  logTrouble(options.log);
  const provider = createProvider(options);
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = trace.getTracer("hookline");
  const served = new WeakMap<IncomingMessage, TraceContext>();
  return {
    hasSpans: true,
    serve(request, response, route) {
      const parent = readHeaders(request);
      const span = startServerSpan(tracer, { method: request.method ?? "", route, parent });
      const own = toCarrier(trace.setSpan(ROOT_CONTEXT, span));
      if (own !== undefined) served.set(request, own);
      endWithResponse(span, response);
    },
    traceOf: (request) => served.get(request),
    within: (given, work) => (given === undefined ? work() : context.with(toContext(given), work)),
    current: () => toCarrier(context.active()),
    call: createCall(tracer),
    close: async () => {
      await Promise.race([provider.shutdown().catch(() => undefined), delay(CLOSE_MS)]);
    },
  };
}

function createProvider({ endpoint, headers, service, share }: SpansOptions): BasicTracerProvider {
  const url = new URL(`${endpoint.pathname.replace(/\/$/, "")}/v1/traces`, endpoint).href;
  const exporter = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_TIMEOUT_MS });
  return new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.namespace": "hookline" }),
    sampler: createSampler(share),
    spanProcessors: [
      new BatchSpanProcessor(exporter, {
        scheduledDelayMillis: EXPORT_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
        maxQueueSize: 4096,
      }),
    ],
  });
}

/** A collector that is away is told in debug lines: it must not fill the log. */
function logTrouble(log: Logger): void {
  const tell = (message: string) => log.debug("tracing.trouble", { error: message });
  diag.setLogger({ error: tell, warn: tell, info: tell, debug: tell, verbose: tell }, DiagLogLevel.WARN);
}

interface ServedRequest {
  readonly method: string;
  readonly route: string;
  readonly parent: TraceContext | undefined;
}

function startServerSpan(tracer: Tracer, { method, route, parent }: ServedRequest): Span {
  const attributes = { "http.request.method": method, "http.route": route };
  const from = parent === undefined ? ROOT_CONTEXT : toContext(parent);
  return tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, from);
}

/** A client that goes away ends the span as well. */
function endWithResponse(span: Span, response: ServerResponse): void {
  response.once("close", () => {
    span.setAttribute("http.response.status_code", response.statusCode);
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  });
}

function createCall(tracer: Tracer): TraceCall {
  return (call, work, toStatus) =>
    tracer.startActiveSpan(call.method, { kind: SpanKind.CLIENT, attributes: toAttributes(call) }, async (span) => {
      try {
        const answer = await work(toCarrier(context.active()));
        const status = toStatus(answer);
        if (status !== undefined) span.setAttribute("http.response.status_code", status);
        if (status === undefined || status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
        return answer;
      } catch (error) {
        // Its text may hold an address: that it failed is enough.
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
}

function toAttributes({ method, url, isPathShown }: OutgoingCall) {
  const { hostname, port, protocol, pathname } = url;
  return {
    "http.request.method": method,
    "server.address": hostname,
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    ...(isPathShown ? { "url.path": pathname } : {}),
  };
}

function toContext(carrier: TraceContext): Context {
  return propagation.extract(ROOT_CONTEXT, carrier);
}

/** What is sent on from a place in a trace; `undefined` outside of every trace. */
function toCarrier(place: Context): TraceContext | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(place, carrier);
  return parseTraceContext(carrier.traceparent, carrier.tracestate);
}
