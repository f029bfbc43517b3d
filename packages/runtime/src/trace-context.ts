/** A place in a trace, as it travels between processes (W3C Trace Context): what a request sends on as its headers. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Versions after 00 may add fields: what is known of them is read, and sent on as version 00. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]*)?$/;
const LONGEST_TRACEPARENT = 256;
const SAMPLED = 1;

/** What vendors add to a trace: at most 32 entries, and the 512 characters that everybody must be able to pass on. */
const LONGEST_STATE = 512;
const MOST_ENTRIES = 32;
const ENTRY =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

/** Reads the headers of a trace. One that is malformed is none, and a state that is malformed is left out. */
export function parseTraceContext(
  traceparent: string | undefined,
  tracestate?: string | undefined,
): TraceContext | undefined {
  if (traceparent === undefined || traceparent.length > LONGEST_TRACEPARENT) return undefined;
  const [, version, traceId, parentId, flags = "0", more] = TRACEPARENT.exec(traceparent) ?? [];
  if (version === undefined || (version === "00" && more !== undefined)) return undefined;
  const sampled = Number.parseInt(flags, 16) & SAMPLED;
  const parent = `00-${traceId}-${parentId}-0${sampled}`;
  const state = parseState(tracestate);
  return state === undefined ? { traceparent: parent } : { traceparent: parent, tracestate: state };
}

function parseState(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST_STATE) return undefined;
  const entries = text
    .split(",")
    .map((entry) => entry.replace(/^[ \t]+/, "").trimEnd())
    .filter((entry) => entry !== "");
  const isGood = entries.length > 0 && entries.length <= MOST_ENTRIES && entries.every((entry) => ENTRY.test(entry));
  return isGood ? entries.join(",") : undefined;
}

/** The 32 hexadecimal digits that all places of a trace share. */
export function toTraceId({ traceparent }: TraceContext): string {
  return traceparent.slice(3, 35);
}
