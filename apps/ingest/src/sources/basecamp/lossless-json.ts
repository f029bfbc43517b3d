import { isLosslessNumber, LosslessNumber, parse, stringify } from "lossless-json";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A body is read in one recursion a level: no sender of ours nests deeper. */
const DEEPEST = 100;

/**
 * Reads JSON (RFC 8259; UTF-8) whose numbers keep every digit: ids beyond 2^53 are no numbers of JavaScript. Of two
 * members of one name the last counts, as with `JSON.parse`.
 *
 * @throws Error that says what is wrong with the text.
 */
export function parseLossless(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  if (text.trim() === "") throw new Error("is empty");
  if (isDeeperThan(text, DEEPEST)) throw new Error("is nested too deeply");
  try {
    return parse(text, null, { onDuplicateKey: ({ newValue }) => newValue });
  } catch {
    throw new Error("is not valid JSON");
  }
}

/** Writes JSON; `toNumber` makes its long numbers. */
export function stringifyLossless(value: JsonObject): string {
  return stringify(value) ?? "null";
}

/** A number by its digits, as many as there are. */
export function toNumber(digits: string): LosslessNumber {
  return new LosslessNumber(digits);
}

/** A number's text as it was written; `undefined` for anything else. */
export function numberText(value: unknown): string | undefined {
  return isLosslessNumber(value) ? value.value : undefined;
}

/** Whether a value is a JSON object; numbers, which are kept as objects too, are none. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** A member of the object's own: `constructor` and the like are none. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("is not valid UTF-8");
  }
}

/** Looks without recursion, which is what would not survive a text that is too deep. */
function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length && depth <= most; at += 1) {
    const character = text[at];
    if (isInString && character === "\\") at += 1;
    else if (character === '"') isInString = !isInString;
    else if (!isInString) depth += DEEPER[character ?? ""] ?? 0;
  }
  return depth > most;
}

const DEEPER: Readonly<Record<string, number>> = { "[": 1, "{": 1, "]": -1, "}": -1 };
