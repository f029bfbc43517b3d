import type { Operation } from "@hookline/contracts";
import { createValidator, type Validation } from "@hookline/runtime";
import express, { type Request, type RequestHandler } from "express";
import { ProblemError } from "./problem.ts";

/** Reads a JSON or NDJSON body of at most `limit` bytes and parses it. */
export function readBody(types: readonly string[], limit: number): RequestHandler[] {
  return [...readRawBody(types, limit), parse];
}

/**
 * Reads a body of at most `limit` bytes for {@link rawBody}. Compressed bodies are refused: a small one may unpack to
 * a huge one.
 */
export function readRawBody(types: readonly string[], limit: number): RequestHandler[] {
  return [checkType(types), express.raw({ type: () => true, limit, inflate: false }), keepRaw];
}

function checkType(types: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    if (types.includes(toMediaType(request))) return next();
    throw new ProblemError("unsupported_media_type", { detail: `the content type must be ${types.join(" or ")}` });
  };
}

function toMediaType(request: Request): string {
  return (request.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

const rawBodies = new WeakMap<Request, Uint8Array>();

/** The bytes of a body that {@link readBody} or {@link readRawBody} has read. */
export function rawBody(request: Request): Uint8Array {
  return rawBodies.get(request) ?? new Uint8Array();
}

const keepRaw: RequestHandler = (request, _response, next) => {
  const raw: unknown = request.body;
  rawBodies.set(request, Buffer.isBuffer(raw) ? raw : Buffer.alloc(0));
  next();
};

const parse: RequestHandler = (request, _response, next) => {
  const isLines = toMediaType(request) === "application/x-ndjson";
  const text = decode(rawBody(request));
  request.body = isLines
    ? text
        .split(/\r?\n/)
        .filter((line) => line.trim() !== "")
        .map(parseLine)
    : parseJson(text);
  next();
};

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
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
