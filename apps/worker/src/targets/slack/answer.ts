import { parseRetryAfterMs } from "@hookline/runtime";
import { parseObject } from "../json.ts";
import type { Answer, Reading } from "../target.ts";

/** ms to wait when Slack says that it was too much and not for how long; it counts by the minute. */
const RATE_LIMIT_MS = 60_000;

/** An incoming webhook answers in plain text: `ok`, or what is wrong in one word. */
export function readWebhookAnswer(answer: Answer): Reading | undefined {
  const word = answer.body.trim();
  if (isRateLimit(word)) return toRateLimit(answer);
  if (isSuccess(answer)) return word === "ok" ? { kind: "delivered" } : refuse(word);
  if (answer.status === 429 || answer.status >= 500 || !isWord(word)) return undefined;
  return answer.status === 410 ? { kind: "gone", detail: `slack answered ${word}` } : refuse(word);
}

/** The Web API tells whatever goes wrong in a 200, as `{"ok": false, "error": "channel_not_found"}`. */
export function readBotAnswer(answer: Answer): Reading | undefined {
  const { ok, ts, error } = parseObject(answer.body) ?? (answer.isTruncated ? readBeginning(answer.body) : {});
  if (ok === true) return { kind: "delivered", threadRef: typeof ts === "string" ? ts : undefined };
  if (ok === false) return isRateLimit(error) ? toRateLimit(answer) : refuse(error);
  return isSuccess(answer) ? refuse(undefined) : undefined;
}

// The answer repeats the message and may be longer than what is kept of it; `ok` and `ts` stand before.
function readBeginning(body: string): Readonly<Record<string, unknown>> {
  return { ok: /^\s*\{\s*"ok"\s*:\s*true\b/.test(body), ts: /"ts"\s*:\s*"(\d+\.\d+)"/.exec(body)?.[1] };
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function isRateLimit(error: unknown): boolean {
  return error === "ratelimited" || error === "rate_limited";
}

function toRateLimit(answer: Answer): Reading {
  return { kind: "retry_later", waitMs: parseRetryAfterMs(answer.headers["retry-after"]) ?? RATE_LIMIT_MS };
}

function isWord(error: unknown): error is string {
  return typeof error === "string" && /^[a-z_]{1,60}$/.test(error);
}

// Only Slack's own words are shown: somebody else's answer might repeat what it was sent.
function refuse(error: unknown): Reading {
  const detail = isWord(error) ? `slack answered ${error}` : "the answer is not Slack's";
  return { kind: "refused", detail };
}
