import { type AddressPolicy, configuredPolicy } from "@hookline/project";
import { parseRetryAfterMs, plainMessage, toClockSkewMs } from "@hookline/runtime";
import { createGuardedAgent, ForbiddenAddressError, type Lookup } from "./connector.ts";
import { exchange, TimeLimitError } from "./exchange.ts";
import type { Answer, Reading, Target, TargetRequest } from "./target.ts";

/** What a target answered. Expected results are data; only an abort by the caller is thrown. */
export type SendOutcome =
  | { readonly kind: "delivered"; readonly answer: Answer; readonly threadRef?: string | undefined }
  | {
      readonly kind: "failed";
      readonly code: "target_refused" | "target_unreachable";
      readonly detail: string;
      readonly answer: Answer | undefined;
    }
  | { readonly kind: "retry_later"; readonly waitMs: number; readonly answer: Answer }
  | { readonly kind: "gone"; readonly detail: string; readonly answer: Answer }
  | { readonly kind: "forbidden"; readonly detail: string };

export interface Sender {
  send(target: Target, request: TargetRequest, signal: AbortSignal): Promise<SendOutcome>;
  close(): Promise<void>;
}

/** Every phase of a request ends with the whole of it, which each target limits for itself, at most so. */
const LONGEST_TIMEOUT_MS = 300_000;

/** Posts to targets: no redirects, refused addresses never connected to, answers capped, every phase timed. */
export function createSender(options: { requestPolicy: AddressPolicy; lookup?: Lookup }): Sender {
  const configured = createGuardedAgent(configuredPolicy, LONGEST_TIMEOUT_MS, options.lookup);
  const fromRequests = createGuardedAgent(options.requestPolicy, LONGEST_TIMEOUT_MS, options.lookup);
  return {
    async send(target, outgoing, signal) {
      const agent = target.isFromRequest ? fromRequests : configured;
      const { timeoutMs } = target.limits;
      try {
        return toOutcome(target, await exchange(agent, outgoing, { timeoutMs, signal }));
      } catch (error) {
        if (signal.aborted) throw error;
        return toFailure(error, timeoutMs);
      }
    },
    close: async () => void (await Promise.all([configured.destroy(), fromRequests.destroy()])),
  };
}

function toOutcome(target: Target, answer: Answer): SendOutcome {
  const reading = target.read(answer) ?? readStatus(answer);
  switch (reading.kind) {
    case "delivered":
    case "gone":
    case "retry_later":
      return { ...reading, answer };
    case "refused":
      return { kind: "failed", code: "target_refused", detail: reading.detail, answer };
  }
}

/** What an answer means by HTTP alone. */
function readStatus({ status, headers }: Answer): Reading {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status === 410) return { kind: "gone", detail: "the target answered 410" };
  const theirNow = Date.now() + toClockSkewMs(headers.date);
  const waitMs = status === 429 || status === 503 ? parseRetryAfterMs(headers["retry-after"], theirNow) : undefined;
  if (waitMs !== undefined) return { kind: "retry_later", waitMs };
  return { kind: "refused", detail: `the target answered ${status}` };
}

function toFailure(error: unknown, timeoutMs: number): SendOutcome {
  const cause = findForbidden(error);
  if (cause !== undefined) return { kind: "forbidden", detail: cause.message };
  const isTimeout = error instanceof TimeLimitError || (error instanceof Error && /Timeout/.test(error.name));
  const detail = isTimeout ? `the target did not answer within ${timeoutMs} ms` : describe(error);
  return { kind: "failed", code: "target_unreachable", detail, answer: undefined };
}

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `the target could not be reached: ${plainMessage(error)}${code}`;
}

function findForbidden(error: unknown): ForbiddenAddressError | undefined {
  if (error instanceof ForbiddenAddressError) return error;
  return error instanceof Error && error.cause !== undefined ? findForbidden(error.cause) : undefined;
}
