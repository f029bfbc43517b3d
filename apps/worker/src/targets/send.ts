import { errorMessage, parseRetryAfterMs } from "@hookline/runtime";
import { type Agent, type Dispatcher, request } from "undici";
import type { AddressPolicy } from "./address-policy.ts";
import { configuredPolicy } from "./address-policy.ts";
import { readCapped } from "./capped-body.ts";
import { createGuardedAgent, ForbiddenAddressError, type Lookup } from "./connector.ts";
import type { Target, TargetRequest } from "./target.ts";

/** What a target answered. Expected results are data; only an abort by the caller is thrown. */
export type SendOutcome =
  | { readonly kind: "delivered"; readonly answer: Answer }
  | {
      readonly kind: "failed";
      readonly code: "target_refused" | "target_unreachable";
      readonly detail: string;
      readonly answer: Answer | undefined;
    }
  | { readonly kind: "retry_later"; readonly waitMs: number; readonly answer: Answer }
  | { readonly kind: "gone"; readonly answer: Answer }
  | { readonly kind: "forbidden"; readonly detail: string };

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The first 16 KiB. */
  readonly body: string;
  readonly isTruncated: boolean;
}

export interface Sender {
  send(target: Target, request: TargetRequest, signal: AbortSignal): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** Posts to targets: no redirects, refused addresses never connected to, answers capped, every phase timed. */
export function createSender(options: { requestPolicy: AddressPolicy; timeoutMs: number; lookup?: Lookup }): Sender {
  const configured = createGuardedAgent(configuredPolicy, options.timeoutMs, options.lookup);
  const fromRequests = createGuardedAgent(options.requestPolicy, options.timeoutMs, options.lookup);
  return {
    async send(target, outgoing, signal) {
      const agent = target.isFromRequest ? fromRequests : configured;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
      try {
        return toOutcome(target, await post(agent, outgoing, limit));
      } catch (error) {
        if (signal.aborted) throw error;
        return toFailure(error, limit.aborted, options.timeoutMs);
      }
    },
    close: async () => void (await Promise.all([configured.destroy(), fromRequests.destroy()])),
  };
}

async function post(agent: Agent, { url, headers, body }: TargetRequest, signal: AbortSignal): Promise<Answer> {
  const response = await request(url, { method: "POST", headers, body, dispatcher: agent, signal });
  const { text, isTruncated } = await readCapped(response.body);
  return { status: response.statusCode, headers: flatten(response.headers), body: text, isTruncated };
}

function toOutcome(target: Target, answer: Answer): SendOutcome {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const detail = target.toRefusal(answer.body);
    if (detail === undefined) return { kind: "delivered", answer };
    return { kind: "failed", code: "target_refused", detail, answer };
  }
  if (status === 410) return { kind: "gone", answer };
  const waitMs = status === 429 || status === 503 ? parseRetryAfterMs(answer.headers["retry-after"]) : undefined;
  if (waitMs !== undefined) return { kind: "retry_later", waitMs, answer };
  return { kind: "failed", code: "target_refused", detail: `the target answered ${status}`, answer };
}

function toFailure(error: unknown, isOver: boolean, timeoutMs: number): SendOutcome {
  const cause = findForbidden(error);
  if (cause !== undefined) return { kind: "forbidden", detail: cause.message };
  const isTimeout = isOver || (error instanceof Error && /Timeout/.test(error.name));
  const detail = isTimeout ? `the target did not answer within ${timeoutMs} ms` : describe(error);
  return { kind: "failed", code: "target_unreachable", detail, answer: undefined };
}

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return `the target could not be reached: ${errorMessage(error)}${code}`;
}

function findForbidden(error: unknown): ForbiddenAddressError | undefined {
  if (error instanceof ForbiddenAddressError) return error;
  return error instanceof Error && error.cause !== undefined ? findForbidden(error.cause) : undefined;
}

function flatten(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const pairs = Object.entries(headers).filter(([name]) => name !== "set-cookie");
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
