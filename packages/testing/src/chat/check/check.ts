/** Where in a payload: names and indexes. */
export type Path = readonly (string | number)[];

export type Rule = "required" | "type" | "length" | "count" | "value" | "unknown";

/** One thing that is wrong with a payload. */
export interface Problem {
  path: Path;
  rule: Rule;
  message: string;
  min?: number;
  max?: number;
}

/** Says all that is wrong with a value. */
export type Check = (value: unknown, path: Path) => Problem[];

/** `blocks[0].text.text` */
export function toDotted(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`)).join("");
}

/** `/blocks/0/text/text` */
export function toPointer(path: Path): string {
  return path.map((step) => `/${step}`).join("");
}

export function problem(path: Path, rule: Rule, message: string): Problem {
  return { path, rule, message };
}

/** All checks of the same value. */
export function both(...checks: Check[]): Check {
  return (value, path) => checks.flatMap((check) => check(value, path));
}

/** A check that is only built when it is used, for shapes that contain themselves. */
export function lazy(build: () => Check): Check {
  return (value, path) => build()(value, path);
}
