import type { Agent, Dispatcher } from "undici";
import type { Answer, TargetRequest } from "./target.ts";

/** Of an answer's body this many bytes are kept; what follows is read, up to the second limit, so that the connection can be used again. */
const KEPT_BYTES = 16_384;
const READ_BYTES = 65_536;

/** The target had its time and did not answer. */
export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/**
 * Sends one request and reads the answer; a body longer than 64 KiB is cut off with its connection. It takes undici's
 * events as they come: streams, signals and iterators for each answer cost as much again as the request.
 *
 * @throws TimeLimitError after `timeoutMs`; the signal's reason when it aborts; the connection's error.
 */
export function exchange(
  agent: Agent,
  { method = "POST", url, headers, body }: TargetRequest,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const stop = (reason: Error) => {
      end(() => reject(reason));
      controller?.abort(reason);
      stopped = reason;
    };
    let stopped: Error | undefined;
    const onAbort = () => stop(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
    const timer = setTimeout(() => stop(new TimeLimitError(`no answer within ${timeoutMs} ms`)), timeoutMs);
    signal.addEventListener("abort", onAbort, { once: true });
    const reader = createReader((answer) => end(() => resolve(answer)));
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (stopped !== undefined) started.abort(stopped);
      },
      ...reader,
      onResponseError: (_controller, error) => end(() => reject(error)),
    };
    const path = url.pathname + url.search;
    agent.dispatch({ origin: url.origin, path, method, headers, body }, handler);
    if (signal.aborted) onAbort();
  });
}

/** Collects an answer; `done` is called once with what there is. */
function createReader(done: (answer: Answer) => void): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let read = 0;
  let status = 0;
  let headers: Answer["headers"] = {};
  const finish = () =>
    done({ status, headers, body: Buffer.concat(chunks).toString("utf8"), isTruncated: read > KEPT_BYTES });
  return {
    onResponseStart(_controller, statusCode, received) {
      status = statusCode;
      headers = flatten(received);
    },
    onResponseData(controller, chunk) {
      if (read < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - read));
      read += chunk.length;
      if (read <= READ_BYTES) return;
      finish();
      controller.abort(new Error("the answer is longer than anybody reads"));
    },
    onResponseEnd: finish,
  };
}

function flatten(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const pairs = Object.entries(headers).filter(([name]) => name !== "set-cookie");
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
