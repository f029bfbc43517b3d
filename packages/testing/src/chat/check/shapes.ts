import { isFields } from "../parse.ts";
import { type Check, type Problem, problem } from "./check.ts";

export type Shape = Record<string, Check>;

/** An object; `null` counts as absent. Members that are not listed are a problem unless `extra` is "ignored". */
export function object(required: Shape, optional: Shape = {}, extra: "refused" | "ignored" = "refused"): Check {
  const known = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return (value, path) => {
    if (!isFields(value)) return [problem(path, "type", "must be an object")];
    const missing = Object.keys(required)
      .filter((name) => value[name] === undefined || value[name] === null)
      .map((name) => problem([...path, name], "required", `missing required field: ${name}`));
    const present = Object.entries(value).flatMap(([name, member]): Problem[] => {
      const check = known.get(name);
      if (check === undefined) {
        return extra === "ignored" ? [] : [problem([...path, name], "unknown", `invalid additional property: ${name}`)];
      }
      return member === null ? [] : check(member, [...path, name]);
    });
    return [...missing, ...present];
  };
}

/** A list whose items all pass, with no fewer than `min` and no more than `max` of them. */
export function list(item: Check, min = 0, max = Number.POSITIVE_INFINITY): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return [problem(path, "type", "must be an array")];
    const problems = value.flatMap((member, index) => item(member, [...path, index]));
    const bounds = { min, max };
    if (value.length < min)
      problems.push({ ...problem(path, "count", `no less than ${min} items allowed`), ...bounds });
    if (value.length > max)
      problems.push({ ...problem(path, "count", `no more than ${max} items allowed`), ...bounds });
    return problems;
  };
}

/** An object whose `key` says which of the checks it must pass. */
export function tagged(key: string, checks: Record<string, Check>): Check {
  return (value, path) => {
    if (!isFields(value)) return [problem(path, "type", "must be an object")];
    const tag = value[key];
    const check = typeof tag === "string" && Object.hasOwn(checks, tag) ? checks[tag] : undefined;
    return check ? check(value, path) : [problem([...path, key], "value", `unsupported ${key}: ${String(tag)}`)];
  };
}

/** An object with exactly one of the members. */
export function exactlyOne(members: Shape, besides: Shape = {}): Check {
  const shape = object({}, { ...members, ...besides });
  return (value, path) => {
    const problems = shape(value, path);
    if (!isFields(value)) return problems;
    const count = Object.keys(members).filter((name) => value[name] !== undefined).length;
    if (count === 1) return problems;
    return [...problems, problem(path, "required", `must have exactly one of ${Object.keys(members).join(", ")}`)];
  };
}
