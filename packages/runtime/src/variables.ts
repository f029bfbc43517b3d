import { parseUrl } from "./parse-url.ts";
import type { Variable } from "./settings.ts";

interface Described {
  readonly purpose: string;
  readonly default?: string;
}

function make<T>(described: Described, parse: (text: string) => T, isSecret = false): Variable<T> {
  return { purpose: described.purpose, defaultText: described.default ?? "", isSecret, parse };
}

/** A whole number between `min` and `max`, both included. */
export function integer(described: { purpose: string; default: number; min?: number; max?: number }): Variable<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = described;
  return make({ purpose: described.purpose, default: String(described.default) }, (value) => {
    const number = Number(value);
    if (!/^[+-]?\d+$/.test(value) || number < min || number > max) {
      throw new Error(`must be a whole number from ${min} to ${max}, not "${value}"`);
    }
    return number;
  });
}

/** Any text; `undefined` when empty. */
export function text(described: Described): Variable<string | undefined> {
  return make(described, (value) => (value === "" ? undefined : value));
}

/** Text that must never be shown; `undefined` when empty. */
export function secret(described: Described): Variable<string | undefined> {
  return make(described, (value) => (value === "" ? undefined : value), true);
}

/** Texts separated by commas, blanks around them dropped. */
export function list(described: Described & { isSecret?: boolean }): Variable<readonly string[]> {
  return make(described, splitList, described.isSecret);
}

/** One of the given words. */
export function oneOf<const W extends string>(
  words: readonly W[],
  described: { purpose: string; default: W },
): Variable<W> {
  return make(described, (value) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Error(`must be one of ${words.join(", ")}, not "${value}"`);
    return found;
  });
}

/**
 * An http(s) URL without user information; `undefined` when empty. A secret: webhook URLs authorise whoever knows them.
 * `check` throws an Error that says why a URL must not be used.
 */
export function httpUrl(described: Described, check: (url: URL) => URL = (url) => url): Variable<URL | undefined> {
  return make(described, (value) => (value === "" ? undefined : check(parseHttpUrl(value))), true);
}

/** A value with a parser of its own. `parse` throws an Error saying what is wrong. */
export function custom<T>(described: Described & { isSecret?: boolean }, parse: (text: string) => T): Variable<T> {
  return make(described, parse, described.isSecret);
}

export function splitList(value: string): readonly string[] {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Reads an http(s) URL. @throws Error when it is none or carries user information. */
export function parseHttpUrl(value: string): URL {
  const url = parseUrl(value);
  if (url === undefined) throw new Error("must be a URL such as https://example.com/hook");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error("must begin with http:// or https://");
  if (url.username !== "" || url.password !== "") throw new Error("must not contain a user name or password");
  return url;
}
