import { variable } from "@hookline/runtime";

/** Where traces go: read by both apps, under the names that OpenTelemetry gives them. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: variable.custom(
    { purpose: "OpenTelemetry collector that spans are sent to (OTLP over HTTP); empty: no spans" },
    (value) => (value === "" ? undefined : variable.parseHttpUrl(value)),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: variable.custom(
    { purpose: "headers sent to the collector: name=value, comma-separated", isSecret: true },
    parseHeaders,
  ),
  OTEL_SERVICE_NAME: variable.text({
    purpose: "name of the service in traces; empty: hookline-ingest, hookline-worker",
  }),
  OTEL_TRACES_SAMPLER_ARG: variable.custom(
    { purpose: "share of the traces begun here that is sent, from 0 to 1; callers decide about theirs", default: "1" },
    parseShare,
  ),
};

function parseHeaders(value: string): Readonly<Record<string, string>> {
  const pairs = variable.splitList(value).map((pair, index) => {
    const [, name, text] = /^([!#$%&'*+.^_`|~\w-]+)\s*=\s*((?:[!-~][ -~]*)?)$/.exec(pair) ?? [];
    if (name === undefined || text === undefined) throw new Error(`header ${index + 1} must look like name=value`);
    return [name.toLowerCase(), decodeText(text)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Values may be percent-encoded, as in W3C Baggage. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseShare(value: string): number {
  const share = Number(value);
  if (!/^(?:\d+(?:\.\d+)?|\.\d+)$/.test(value) || share > 1)
    throw new Error(`must be a number from 0 to 1, not "${value}"`);
  return share;
}
