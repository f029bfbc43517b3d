import { Agent as HttpAgent, type IncomingHttpHeaders } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { plainMessage, TemporaryError } from "@hookline/runtime";
import got, { CancelError, TimeoutError } from "got";

export interface RawRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Posted as JSON; without it the request is a GET. */
  readonly json?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type SendRequest = (request: RawRequest) => Promise<RawAnswer>;

/** Longest time of each phase and, as `request`, of all of it, ms. */
export interface GithubTimeouts {
  readonly lookup: number;
  readonly connect: number;
  readonly secureConnect: number;
  readonly send: number;
  readonly response: number;
  readonly request: number;
}

export interface HttpOptions {
  readonly token: string | undefined;
  readonly timeouts?: Partial<GithubTimeouts> | undefined;
}

const TIMEOUTS: GithubTimeouts = {
  lookup: 5000,
  connect: 5000,
  secureConnect: 5000,
  send: 10_000,
  response: 30_000,
  request: 60_000,
};
/** A page of 100 issues with their longest bodies is below 8 MB; more is not GitHub. */
const LARGEST_BODY = 20_000_000;
/** Idle sockets are closed before GitHub closes them, or the next request would meet a reset. */
const AGENT = { keepAlive: true, timeout: 20_000 };

/**
 * Sends one request to GitHub: no redirects, no retries (the queue retries), every phase limited in time, the body in size.
 *
 * Any status is an answer. @throws TemporaryError when there is none or it breaks off; the signal's reason when aborted.
 */
export function createSendRequest({ token, timeouts }: HttpOptions): SendRequest {
  const client = got.extend({
    headers: {
      "user-agent": "hookline",
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    agent: { http: new HttpAgent(AGENT), https: new HttpsAgent(AGENT) },
    timeout: { ...TIMEOUTS, ...timeouts },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    strictContentLength: true,
  });
  return async ({ url, headers = {}, json, signal }) => {
    signal?.throwIfAborted();
    const pending = client(url, {
      headers: { ...headers },
      ...(json === undefined ? {} : { method: "POST", json }),
      ...(signal === undefined ? {} : { signal }),
    });
    // Counted after decompression, so that a small gzip cannot become a large text.
    pending.on("downloadProgress", ({ transferred }) => {
      if (transferred > LARGEST_BODY) pending.cancel();
    });
    try {
      const { statusCode, headers: answered, body } = await pending;
      return { status: statusCode, headers: answered, body };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw toTemporary(error);
    }
  };
}

/** got's errors hold the request's options and so the token: only their text is taken, never the error as a cause. */
function toTemporary(error: unknown): TemporaryError {
  return new TemporaryError("github_unavailable", `GitHub could not be asked: ${toText(error)}`);
}

function toText(error: unknown): string {
  if (error instanceof TimeoutError) return `no answer in time (${error.event})`;
  if (error instanceof CancelError) return `the answer is larger than ${LARGEST_BODY} bytes`;
  return plainMessage(error);
}
