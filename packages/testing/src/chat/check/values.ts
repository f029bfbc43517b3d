import { type Check, type Problem, problem } from "./check.ts";

export interface Limits {
  min?: number;
  max?: number;
  /** Default: UTF-16 units. */
  count?: (text: string) => number;
}

export function countCodePoints(text: string): number {
  return [...text].length;
}

/** A string of a length, both ends included. */
export function text(limits: Limits = {}): Check {
  const { min = 0, max = Number.POSITIVE_INFINITY, count = (value: string) => value.length } = limits;
  return (value, path): Problem[] => {
    if (typeof value !== "string") return [problem(path, "type", "must be a string")];
    const length = count(value);
    const bounds = { min, max };
    if (length < min) {
      const rule = length === 0 ? "required" : "length";
      return [{ ...problem(path, rule, `must be more than ${min - 1} characters`), ...bounds }];
    }
    if (length > max) return [{ ...problem(path, "length", `must be less than ${max + 1} characters`), ...bounds }];
    return [];
  };
}

/** An absolute http or https URL. */
export function url(max = 2_048): Check {
  const isLong = text({ min: 1, max });
  return (value, path) => {
    const problems = isLong(value, path);
    if (problems.length > 0 || isHttpUrl(value)) return problems;
    return [problem(path, "value", "must be a valid URL")];
  };
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\/[^\s/]+\S*$/i.test(value) && isUrl(value);
}

/** Not `URL.canParse`: Node 20's, once compiled, refuses every text with an umlaut. */
function isUrl(text: string): boolean {
  try {
    return new URL(text).href !== "";
  } catch {
    return false;
  }
}

export function matching(pattern: RegExp, message: string): Check {
  return (value, path) =>
    typeof value === "string" && pattern.test(value) ? [] : [problem(path, "value", `must be ${message}`)];
}

export function oneOf(...values: readonly unknown[]): Check {
  return (value, path) =>
    values.includes(value) ? [] : [problem(path, "value", `must be one of ${values.map(String).join(", ")}`)];
}

export function boolean(): Check {
  return (value, path) => (typeof value === "boolean" ? [] : [problem(path, "type", "must be a boolean")]);
}

export function integer(min: number, max: number): Check {
  return (value, path) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max
      ? []
      : [problem(path, "value", `must be an integer from ${min} to ${max}`)];
}

export function anything(): Check {
  return () => [];
}
