import { numberText } from "./lossless-json.ts";

/** A field's value as text, or what is wrong with it. */
export type Cast =
  | { readonly value: string; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: "can't be blank" | "is invalid" };

/** Ids of up to 40 digits, which is far beyond 64 bits: they end up in names of threads. */
const INTEGER = /^-?\d{1,40}$/;

/** A text that says something. */
export function toText(value: unknown): Cast {
  if (isBlank(value)) return { error: "can't be blank" };
  return typeof value === "string" ? { value } : { error: "is invalid" };
}

/** An integer, or a string of its digits alone: `42`, `"42"`, not `42.0` and not `"42x"`. */
export function toInteger(value: unknown): Cast {
  if (isBlank(value)) return { error: "can't be blank" };
  const digits = typeof value === "string" ? value : numberText(value);
  return digits !== undefined && INTEGER.test(digits) ? { value: BigInt(digits).toString() } : { error: "is invalid" };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}
