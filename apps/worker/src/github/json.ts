import { TemporaryError } from "@hookline/runtime";

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws TemporaryError: an answer of another shape is a broken answer, worth asking for again. */
export function requireRecord(value: unknown, what: string): JsonRecord {
  if (!isRecord(value)) throw malformed(what);
  return value;
}

export function requireArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(what);
  return value;
}

export function requireText(value: unknown, what: string): string {
  if (typeof value !== "string") throw malformed(what);
  return value;
}

export function requireInteger(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw malformed(what);
  return value;
}

export function toTextOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A count that an answer may leave out. */
export function toCount(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}

/** `undefined` when the text is not JSON. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // The caller says what a body that is no JSON means.
    return undefined;
  }
}

function malformed(what: string): TemporaryError {
  return new TemporaryError("github_unavailable", `GitHub's answer has an unexpected shape: ${what}`);
}
