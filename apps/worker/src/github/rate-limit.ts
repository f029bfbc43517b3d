import { type RedisConnection, runScript } from "@hookline/queue";
import { type Keys, type Logger, RetryAfterError, sha256 } from "@hookline/runtime";
import type { RawAnswer } from "./http.ts";
import { judgeLimit, type LimitVerdict, type Resource, readBudget, toBlockedUntil } from "./limit-decision.ts";
import { FORGIVE, NOTE_BUDGET, NOTE_SECONDARY } from "./limit-scripts.ts";

/** What all replicas know of a credential's limit on a resource. Moments are in ms since the epoch. */
export interface LimitState {
  /** No replica asks GitHub before; in the past when nothing forbids asking. */
  readonly blockedUntil: number;
  readonly budget: { readonly limit: number; readonly remaining: number; readonly resetAt: number } | undefined;
  /** Secondary limits met in a row. */
  readonly strikes: number;
}

/** Leave to send one request. */
export interface Admission {
  readonly resource: Resource;
  readonly sentAt: number;
  readonly hasStrikes: boolean;
}

export interface RateLimit {
  /** @throws RetryAfterError while GitHub may not be asked. */
  admit(resource: Resource): Promise<Admission>;
  /** Learns from an answer's headers. @throws RetryAfterError when the answer is a refusal by a limit. */
  learn(admission: Admission, answer: RawAnswer): Promise<void>;
  read(resource: Resource): Promise<LimitState>;
}

export interface RateLimitOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly log: Logger;
  readonly credential: string;
  readonly now: () => number;
}

/** Waiting jobs come back spread over this time after the block, not all at once. */
const JITTER_MS = 1000;

/** The name a token is known by, from which it cannot be told. */
export function toCredential(token: string | undefined): string {
  return token === undefined ? "anonymous" : sha256(token).slice(0, 12);
}

/** The limit as all replicas on this Redis know it. */
export async function readLimit(
  { redis, keys, credential }: Pick<RateLimitOptions, "redis" | "keys" | "credential">,
  resource: Resource,
): Promise<LimitState> {
  const replies = await redis
    .pipeline()
    .hmget(keys.githubLimit(credential, resource), "blockedUntil", "limit", "remaining", "resetAt")
    .hmget(keys.githubLimit(credential, "secondary"), "blockedUntil", "strikes")
    .exec();
  const [blockedUntil = 0, limit, remaining, resetAt] = toNumbers(replies?.[0]);
  const [secondaryUntil = 0, strikes = 0] = toNumbers(replies?.[1]);
  const isKnown = limit !== undefined && remaining !== undefined && resetAt !== undefined;
  const budget = isKnown ? { limit, remaining, resetAt } : undefined;
  return { blockedUntil: Math.max(blockedUntil, secondaryUntil), budget, strikes };
}

/** A credential's limits, shared through Redis: what one replica learns, none of them asks GitHub again. */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  return {
    read: (resource) => readLimit(options, resource),
    async admit(resource) {
      const { blockedUntil, strikes } = await readLimit(options, resource);
      const sentAt = options.now();
      if (blockedUntil > sentAt) throw toRetryAfter(blockedUntil, sentAt);
      return { resource, sentAt, hasStrikes: strikes > 0 };
    },
    async learn(admission, answer) {
      const now = options.now();
      const verdict = judgeLimit(answer, now);
      const budgetUntil = await noteBudget(options, admission.resource, answer, now);
      if (verdict.kind === "none") {
        if (admission.hasStrikes && answer.status < 400) await forgive(options, admission.sentAt);
        return;
      }
      const until = verdict.kind === "primary" ? budgetUntil : await noteSecondary(options, admission, verdict, now);
      const error = toRetryAfter(Math.max(until, budgetUntil), now);
      const { credential, log } = options;
      log.warn("github.limited", { credential, resource: admission.resource, by: verdict.kind, waitMs: error.delayMs });
      throw error;
    },
  };
}

async function noteBudget(
  { redis, keys, credential }: RateLimitOptions,
  asked: Resource,
  { headers }: RawAnswer,
  now: number,
): Promise<number> {
  const budget = readBudget(headers, asked, now);
  if (budget === undefined) return 0;
  const { resource, limit, remaining, resetAt } = budget;
  const key = keys.githubLimit(credential, resource);
  return Number(
    await runScript(redis, NOTE_BUDGET, [key], now, toBlockedUntil(budget, now), limit, remaining, resetAt),
  );
}

async function noteSecondary(
  { redis, keys, credential }: RateLimitOptions,
  { sentAt }: Admission,
  { retryAfterMs = -1 }: Extract<LimitVerdict, { kind: "secondary" }>,
  now: number,
): Promise<number> {
  const key = keys.githubLimit(credential, "secondary");
  return Number(await runScript(redis, NOTE_SECONDARY, [key], now, sentAt, retryAfterMs));
}

async function forgive({ redis, keys, credential }: RateLimitOptions, sentAt: number): Promise<void> {
  await runScript(redis, FORGIVE, [keys.githubLimit(credential, "secondary")], sentAt);
}

function toRetryAfter(until: number, now: number): RetryAfterError {
  return new RetryAfterError(Math.ceil(until - now + Math.random() * JITTER_MS), "github_rate_limit");
}

/** One reply of a pipeline of HMGETs. */
function toNumbers(reply: [Error | null, unknown] | undefined): (number | undefined)[] {
  const [error, values] = reply ?? [null, []];
  if (error) throw error;
  return Array.isArray(values) ? values.map((value) => (typeof value === "string" ? Number(value) : undefined)) : [];
}
