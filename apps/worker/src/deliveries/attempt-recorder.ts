import { type JobContext, type LoggedAttempt, type ScriptCall, toAttemptNote } from "@hookline/queue";
import { createRedactor, type Keys, type Logger } from "@hookline/runtime";
import type { SendOutcome } from "../targets/send.ts";
import type { Target, TargetKindName, TargetRequest } from "../targets/target.ts";

export interface MadeAttempt {
  readonly context: JobContext;
  readonly target: Target;
  readonly request: TargetRequest;
  readonly outcome: SendOutcome;
  readonly startedAt: Date;
}

export interface AttemptRecorder {
  /** Says an attempt in one log line, and returns what keeps it where `GET` shows it. */
  record(made: MadeAttempt): ScriptCall;
}

export interface RecorderOptions {
  readonly keys: Keys;
  readonly log: Logger;
  /** ms that an attempt log is kept after its last entry. */
  readonly keptMs: number;
  /** Masks known secrets: a target may answer with what it was sent. */
  readonly redact: (text: string) => string;
  readonly onAttempt: (kind: TargetKindName, outcome: SendOutcome["kind"], seconds: number) => void;
}

export function createAttemptRecorder({ keys, log, keptMs, redact, onAttempt }: RecorderOptions): AttemptRecorder {
  return {
    record(made) {
      const hideSent = toSentRedactor(made.request);
      const attempt = redactAnswer(toAttempt(made), (text) => hideSent(redact(text)));
      const { context, target, outcome } = made;
      onAttempt(target.kind, outcome.kind, attempt.durationMs / 1000);
      const { status, durationMs, error } = attempt;
      log.info("delivery.attempted", {
        id: context.id,
        target: target.name,
        attempt: context.attempt,
        outcome: outcome.kind,
        status,
        durationMs,
        error,
      });
      return toAttemptNote(keys, { deliveryId: context.id, attempt, ttlMs: keptMs });
    },
  };
}

function toAttempt({ request, outcome, startedAt }: MadeAttempt): LoggedAttempt {
  const answer = "answer" in outcome ? outcome.answer : undefined;
  return {
    at: startedAt.toISOString(),
    outcome: outcome.kind,
    status: answer?.status ?? null,
    durationMs: Date.now() - startedAt.getTime(),
    error: "detail" in outcome ? outcome.detail : null,
    request: { url: maskUrl(request.url), headers: maskHeaders(request.headers) },
    response:
      answer === undefined
        ? null
        : { headers: { ...answer.headers }, body: answer.body, truncated: answer.isTruncated },
  };
}

/** Whoever knows a webhook's path may post to it: only the host is kept. */
function maskUrl({ origin }: URL): string {
  return `${origin}/***`;
}

/** What is shown as it was sent. Any other header may be a secret that its owner named as they liked. */
const SHOWN_HEADERS = new Set([
  ...["content-type", "user-agent", "traceparent"],
  ...["webhook-id", "webhook-timestamp", "webhook-signature"],
]);

function isShown(name: string): boolean {
  return SHOWN_HEADERS.has(name.toLowerCase());
}

function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isShown(name) ? value : "***"]));
}

/** Shorter segments of a path are words. */
const SHORTEST_SECRET_SEGMENT = 12;

/** Masks what was sent and is not shown: some targets answer with their own address and what they received. */
function toSentRedactor({ url, headers }: TargetRequest): (text: string) => string {
  const hidden = Object.entries(headers).flatMap(([name, value]) => (isShown(name) ? [] : [value]));
  const hideAddress = addressRedactors.get(url) ?? toAddressRedactor(url);
  addressRedactors.set(url, hideAddress);
  if (hidden.length === 0) return hideAddress;
  const hideHeaders = createRedactor(hidden);
  return (text) => hideHeaders(hideAddress(text));
}

/** Most targets have one address for all requests. */
const addressRedactors = new WeakMap<URL, (text: string) => string>();

function toAddressRedactor(url: URL): (text: string) => string {
  const segments = url.pathname.split("/").filter(({ length }) => length >= SHORTEST_SECRET_SEGMENT);
  return createRedactor([url.pathname, ...segments, url.search.slice(1), ...url.searchParams.values()]);
}

function redactAnswer(attempt: LoggedAttempt, redact: (text: string) => string): LoggedAttempt {
  const { error, response } = attempt;
  return { ...attempt, error: error === null ? null : redact(error), response: redactJson(response, redact) };
}

function redactJson<T>(value: T, redact: (text: string) => string): T {
  const json = JSON.stringify(value);
  const redacted = redact(json);
  return redacted === json ? value : (JSON.parse(redacted) as T);
}
