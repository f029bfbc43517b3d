import { listen } from "../http/listen.ts";
import { readBody } from "../http/read-body.ts";
import { waitUntil } from "../wait-until.ts";

/** A span as a collector gets it. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** OTLP's numbers: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An OpenTelemetry collector that keeps what it is sent: OTLP over HTTP, as JSON. */
export interface Collector {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** All that was sent, as it came: events and states of spans are in it too. */
  readonly text: string;
  /** Names and values of the headers of the last export. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Waits until a trace has a span that `matches`. */
  waitForSpan(matches: (span: CollectedSpan) => boolean, what: string): Promise<CollectedSpan>;
  stop(): Promise<void>;
}

interface OtlpSpan extends Omit<CollectedSpan, "service" | "attributes"> {
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpExport {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const LARGEST_EXPORT = 10_000_000;

/** Starts one on a free port of loopback. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const texts: string[] = [];
  let headers: Readonly<Record<string, unknown>> = {};
  const listening = await listen(async (request, response) => {
    const body = await readBody(request, LARGEST_EXPORT);
    if (body === undefined || request.method !== "POST" || request.url !== "/v1/traces") {
      response.writeHead(404).end();
      return;
    }
    headers = { ...request.headers };
    const text = body.toString("utf8");
    texts.push(text);
    spans.push(...toSpans(JSON.parse(text) as OtlpExport));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  }, {});
  return {
    url: listening.url,
    spans,
    get text() {
      return texts.join("\n");
    },
    get headers() {
      return headers;
    },
    waitForSpan: async (matches, what) => {
      const found = await waitUntil(() => spans.find(matches), { what, timeoutMs: 15_000 });
      if (found === undefined) throw new Error(`there is no ${what}`);
      return found;
    },
    stop: listening.stop,
  };
}

function toSpans({ resourceSpans }: OtlpExport): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(toAttributes(resource.attributes)["service.name"]);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(service, span)));
  });
}

function toSpan(service: string, { name, traceId, spanId, parentSpanId, kind, attributes }: OtlpSpan): CollectedSpan {
  const parent = parentSpanId === "" ? undefined : parentSpanId;
  return { service, name, traceId, spanId, parentSpanId: parent, kind, attributes: toAttributes(attributes) };
}

function toAttributes(attributes: readonly OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
