import type { Logger } from "@hookline/runtime";
import { type TraceCall, withoutTrace } from "@hookline/telemetry";
import pLimit from "p-limit";
import { orAborted } from "../abort.ts";
import type { RawAnswer, RawRequest, SendRequest } from "./http.ts";
import type { Resource } from "./limit-decision.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface ExchangeOptions {
  readonly send: SendRequest;
  readonly limit: RateLimit;
  readonly log: Logger;
  /** Told of every request that was sent: the answer's status, "error" when there was none, and how long it took. */
  readonly onRequest?: ((status: number | "error", seconds: number) => void) | undefined;
  readonly trace?: TraceCall | undefined;
}

export interface ExchangeRequest extends RawRequest {
  readonly resource: Resource;
  /** Called when the request is really sent: a known limit keeps it from that. */
  readonly onSend: () => void;
}

/** Sends a request when the shared limit allows it and returns any answer that is not a refusal by a limit. */
export type Exchange = (request: ExchangeRequest) => Promise<RawAnswer>;

/** Requests a process has under way at once: GitHub allows 100 over all replicas of a credential. */
const CONCURRENCY = 10;

export function createExchange(options: ExchangeOptions): Exchange {
  const slots = pLimit(CONCURRENCY);
  return (request) =>
    orAborted(
      slots(() => exchange(options, request)),
      request.signal,
    );
}

async function exchange(
  { send, limit, log, onRequest, trace = withoutTrace }: ExchangeOptions,
  request: ExchangeRequest,
) {
  request.signal?.throwIfAborted();
  const admission = await limit.admit(request.resource);
  request.signal?.throwIfAborted();
  request.onSend();
  const startedAt = performance.now();
  const tell = (status: number | "error") => onRequest?.(status, (performance.now() - startedAt) / 1000);
  const answer = await sendTraced(trace, send, request).catch((error: unknown) => {
    tell("error");
    throw error;
  });
  tell(answer.status);
  log.debug("github.answered", { path: request.url.pathname, status: answer.status });
  await limit.learn(admission, answer);
  return answer;
}

function sendTraced(trace: TraceCall, send: SendRequest, request: ExchangeRequest): Promise<RawAnswer> {
  const method = request.json === undefined ? "GET" : "POST";
  return trace(
    { method, url: request.url, isPathShown: true },
    (headers) => send(headers === undefined ? request : { ...request, headers: { ...request.headers, ...headers } }),
    ({ status }) => status,
  );
}
