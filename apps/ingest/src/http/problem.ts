import { type FieldErrors, type Problem, type ProblemType, problemTypes } from "@hookline/contracts";
import { isRedisAway, isRedisFull, redisAlarms } from "@hookline/queue";
import { errorMessage, type InputError, type Logger } from "@hookline/runtime";
import type { ErrorRequestHandler, Response } from "express";
import { toLoggedPath } from "./logged-path.ts";

export interface ProblemDetails {
  readonly detail: string;
  readonly errors?: readonly InputError[] | FieldErrors | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What a 401 asks for, when that is no API key. */
  readonly challenge?: string;
}

/** A problem to be thrown from a handler. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: ProblemType;
  readonly details: ProblemDetails;

  constructor(problem: ProblemType, details: ProblemDetails) {
    super(details.detail);
    this.problem = problem;
    this.details = details;
  }
}

/** The statuses for which clients of the service this one replaces read `code` and `error`. */
const LEGACY_STATUSES = new Set([400, 429]);
const LEGACY_ERRORS: Partial<Record<ProblemType, string>> = { too_many_tasks: "max simultaneous jobs" };
const DEFAULT_RETRY_AFTER_MS: Partial<Record<ProblemType, number>> = { unavailable: 1000, request_in_progress: 1000 };

/** Builds problem details (RFC 9457). Pure. */
export function toProblem(type: ProblemType, { detail, errors }: ProblemDetails): Problem {
  const { status, title } = problemTypes[type];
  return {
    type: `urn:hookline:problem:${type}`,
    title,
    status,
    detail,
    ...(errors === undefined ? {} : { errors: isByField(errors) ? { ...errors } : [...errors] }),
    ...(LEGACY_STATUSES.has(status)
      ? { code: status, error: LEGACY_ERRORS[type] ?? firstMessage(errors) ?? detail }
      : {}),
  };
}

function firstMessage(errors: ProblemDetails["errors"]): string | undefined {
  return errors === undefined || isByField(errors) ? undefined : errors[0]?.message;
}

function isByField(errors: readonly InputError[] | FieldErrors): errors is FieldErrors {
  return !Array.isArray(errors);
}

function sendProblem(response: Response, type: ProblemType, details: ProblemDetails): void {
  const retryAfterMs = details.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS[type];
  if (retryAfterMs !== undefined) response.setHeader("retry-after", Math.max(1, Math.ceil(retryAfterMs / 1000)));
  if (type === "unauthorized") response.setHeader("www-authenticate", details.challenge ?? 'Bearer realm="hookline"');
  const problem = toProblem(type, details);
  response.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
}

/** Turns whatever a handler threw into a problem, and tells which. Only what we did not expect is our error. */
export function problemHandler(log: Logger, onProblem: (problem: ProblemType) => void): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { problem, details } = toThrownProblem(error);
    onProblem(problem);
    if (problem === "internal_error") {
      const stack = error instanceof Error ? error.stack : undefined;
      log.error("http.failed", {
        requestId: response.getHeader("x-request-id"),
        path: toLoggedPath(request.path),
        error: errorMessage(error),
        stack,
      });
    }
    if (problem === "unavailable") {
      log.debug("http.unavailable", { requestId: response.getHeader("x-request-id"), error: errorMessage(error) });
    }
    if (response.headersSent) return void response.destroy();
    sendProblem(response, problem, details);
  };
}

/** A command that timed out may still be carried out when Redis comes back to itself. */
const UNANSWERED = "Redis did not answer in time; repeat the request with its Idempotency-Key, or look before you do";

function toThrownProblem(error: unknown): { problem: ProblemType; details: ProblemDetails } {
  if (error instanceof ProblemError) return error;
  if (isRedisFull(error)) return { problem: "unavailable", details: { detail: redisAlarms.full } };
  if (isRedisAway(error)) return { problem: "unavailable", details: { detail: UNANSWERED } };
  const parsing = toParsingProblem(error);
  return (
    parsing ?? {
      problem: "internal_error",
      details: { detail: "the error was logged under this answer's x-request-id" },
    }
  );
}

/** What Express and its body parser throw carries a `type` and a `status`. */
function toParsingProblem(error: unknown): { problem: ProblemType; details: ProblemDetails } | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { type, status } = error as Error & { type?: unknown; status: unknown };
  if (status === 413)
    return { problem: "payload_too_large", details: { detail: "the body is larger than this route takes" } };
  if (status === 415) return { problem: "unsupported_media_type", details: { detail: error.message } };
  if (type === "entity.parse.failed")
    return { problem: "malformed_json", details: { detail: "the body is not valid JSON" } };
  if (typeof status === "number" && status >= 400 && status < 500) {
    return { problem: "invalid_request", details: { detail: "the request could not be read" } };
  }
  return undefined;
}
