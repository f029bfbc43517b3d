import type { IncomingHttpHeaders } from "node:http";
import { DAY_MS, parseRetryAfterMs, toClockSkewMs } from "@hookline/runtime";
import type { RawAnswer } from "./http.ts";
import { toMessage } from "./outcome.ts";

/** GitHub counts REST and GraphQL requests apart. */
export type Resource = "core" | "graphql";

/** What the `x-ratelimit-*` headers say. `resetAt` is in ms since the epoch. */
export interface Budget {
  readonly resource: Resource;
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}

export type LimitVerdict =
  | { readonly kind: "none" }
  | { readonly kind: "primary" }
  | { readonly kind: "secondary"; readonly retryAfterMs: number | undefined };

const MINUTE_MS = 60_000;

/**
 * Whether an answer is a refusal by a limit, from GitHub's "Rate limits for the REST API": `retry-after` first, then a
 * remaining of 0, then the message. Other 403s (access blocked, a list too large) are no limits.
 */
export function judgeLimit({ status, headers, body }: RawAnswer, now: number): LimitVerdict {
  if (status !== 403 && status !== 429) return { kind: "none" };
  const retryAfter = headers["retry-after"];
  if (retryAfter !== undefined)
    return { kind: "secondary", retryAfterMs: toWaitMs(retryAfter, now + toClockSkewMs(headers.date, now)) };
  if (headers["x-ratelimit-remaining"] === "0") return { kind: "primary" };
  const speaksOfLimit = /rate limit|secondary|abuse/i.test(toMessage(body) ?? "");
  return speaksOfLimit || status === 429 ? { kind: "secondary", retryAfterMs: undefined } : { kind: "none" };
}

/** The budget an answer tells of; `undefined` when it tells of none. The reset is GitHub's moment, told by our clock. */
export function readBudget(headers: IncomingHttpHeaders, asked: Resource, now = Date.now()): Budget | undefined {
  const remaining = toNumber(headers["x-ratelimit-remaining"]);
  if (remaining === undefined) return undefined;
  const named = headers["x-ratelimit-resource"];
  return {
    resource: named === "core" || named === "graphql" ? named : asked,
    remaining,
    limit: toNumber(headers["x-ratelimit-limit"]) ?? remaining,
    resetAt: (toNumber(headers["x-ratelimit-reset"]) ?? 0) * 1000 - toClockSkewMs(headers.date, now),
  };
}

/**
 * Until when a spent budget forbids requests, ms since the epoch; 0 when it is not spent.
 * A reset that is past (clocks differ) counts as a minute, one beyond a day as a day.
 */
export function toBlockedUntil({ remaining, resetAt }: Budget, now: number): number {
  if (remaining > 0) return 0;
  return resetAt <= now ? now + MINUTE_MS : Math.min(resetAt, now + DAY_MS);
}

/** At least a second: a wait of 0 uses no attempt and would be asked again for ever. */
function toWaitMs(retryAfter: string, now: number): number | undefined {
  const waitMs = parseRetryAfterMs(retryAfter, now);
  return waitMs === undefined ? undefined : Math.min(Math.max(waitMs, 1000), DAY_MS);
}

function toNumber(header: string | string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d{1,12}$/.test(header) ? Number(header) : undefined;
}
