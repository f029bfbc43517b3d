import type { IncomingMessage } from "node:http";
import type { Operation } from "@hookline/contracts";
import { createValidator, type Validation } from "@hookline/runtime";
import type { PlainHandler } from "./plain-handler.ts";
import { ProblemError } from "./problem.ts";

/** Reads a JSON or NDJSON body of at most `limit` bytes for {@link parsedBody}. */
export function readBody(types: readonly string[], limit: number): PlainHandler[] {
  return [...readRawBody(types, limit), parse];
}

/**
 * Reads a body of at most `limit` bytes for {@link rawBody}. Compressed bodies are refused: a small one may unpack to
 * a huge one.
 */
export function readRawBody(types: readonly string[], limit: number): PlainHandler[] {
  return [checkType(types), readBytes(limit)];
}

function checkType(types: readonly string[]): PlainHandler {
  return (request, _response, next) => {
    if (types.includes(toMediaType(request))) return next();
    throw new ProblemError("unsupported_media_type", { detail: `the content type must be ${types.join(" or ")}` });
  };
}

function toMediaType(request: IncomingMessage): string {
  return (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

const rawBodies = new WeakMap<IncomingMessage, Uint8Array>();
const parsedBodies = new WeakMap<IncomingMessage, unknown>();

/** The bytes of a body that {@link readBody} or {@link readRawBody} has read. */
export function rawBody(request: IncomingMessage): Uint8Array {
  return rawBodies.get(request) ?? new Uint8Array();
}

/** The JSON of a body that {@link readBody} has read; of NDJSON, the list of its lines. */
export function parsedBody(request: IncomingMessage): unknown {
  return parsedBodies.get(request);
}

/**
 * Of what is too large no more than the limit is kept, and the refusal waits for its end: a client that still sends
 * reads no answer. One that leaves before the end gets none.
 */
function readBytes(limit: number): PlainHandler {
  return (request, _response, next) => {
    if (!hasBody(request)) return next();
    if ((request.headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
      throw new ProblemError("unsupported_media_type", { detail: "content encoding unsupported" });
    }
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
    });
    request.once("end", () => {
      if (length > limit) return next(new ProblemError("payload_too_large", { detail: TOO_LARGE }));
      rawBodies.set(request, chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
      next();
    });
  };
}

const TOO_LARGE = "the body is larger than this route takes";

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || headers["content-length"] !== undefined;
}

const parse: PlainHandler = (request, _response, next) => {
  const isLines = toMediaType(request) === "application/x-ndjson";
  const text = decode(rawBody(request));
  parsedBodies.set(request, isLines ? parseLines(text) : parseJson(text));
  next();
};

function parseLines(text: string): unknown[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(parseLine);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemError("malformed_json", { detail: "the body is not valid UTF-8" });
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === "") throw new ProblemError("malformed_json", { detail: "the body is empty" });
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError("malformed_json", { detail: "the body is not valid JSON" });
  }
}

/** A line that is no JSON is one bad item among others: it is reported with its index, like any other. */
export const BROKEN_LINE = Symbol("a line that is not JSON");

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return BROKEN_LINE;
  }
}

/** The validated value, or a thrown 400 that lists what is wrong. */
export function requireValid<T>(validation: Validation<T>): T {
  if (validation.isValid) return validation.value;
  const [first] = validation.errors;
  const detail = first === undefined ? "the request is invalid" : `${first.pointer} ${first.message}`.trim();
  throw new ProblemError("invalid_request", { detail, errors: validation.errors });
}

/** A check of an operation's query string; operations without one accept none. */
export function createQueryCheck<T>(operation: Operation): (query: unknown) => T {
  const validate = createValidator<T>(operation.query ?? { type: "object", additionalProperties: false });
  return (query) => requireValid(validate({ ...(query as object) }));
}
