import type { Logger } from "@hookline/runtime";
import pLimit from "p-limit";
import { orAborted } from "../abort.ts";
import type { RawAnswer, RawRequest, SendRequest } from "./http.ts";
import type { Resource } from "./limit-decision.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface ExchangeOptions {
  readonly send: SendRequest;
  readonly limit: RateLimit;
  readonly log: Logger;
  readonly onRequest?: ((request: { status: number | "error" }) => void) | undefined;
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

async function exchange({ send, limit, log, onRequest }: ExchangeOptions, request: ExchangeRequest) {
  request.signal?.throwIfAborted();
  const admission = await limit.admit(request.resource);
  request.signal?.throwIfAborted();
  request.onSend();
  const answer = await send(request).catch((error: unknown) => {
    onRequest?.({ status: "error" });
    throw error;
  });
  onRequest?.({ status: answer.status });
  log.debug("github.answered", { path: request.url.pathname, status: answer.status });
  await limit.learn(admission, answer);
  return answer;
}
