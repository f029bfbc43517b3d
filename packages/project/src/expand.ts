import { type Environment, errorMessage, rawText } from "@hookline/runtime";
import { join } from "./pointer.ts";
import type { Problems } from "./problems.ts";

export interface Expansion {
  readonly env: Environment;
  readonly problems: Problems;
  /** Whether a variable may be unset at this member: nothing is then told of it, and it stays as it is written. */
  readonly mayBeUnset: (pointer: string) => boolean;
}

export interface Expanded {
  readonly value: unknown;
  /** The values of all variables. */
  readonly used: readonly string[];
}

const VARIABLE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text is exactly one `${VARIABLE}`. */
export function isVariable(text: unknown): boolean {
  return typeof text === "string" && /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text);
}

/** Puts the values of `${VARIABLE}`s (also from `VARIABLE_FILE`) in their places; `$${` stands for `${`. */
export function expand(value: unknown, expansion: Expansion): Expanded {
  const used = new Set<string>();
  const walk = (part: unknown, pointer: string): unknown => {
    if (typeof part === "string") return expandText(part, pointer);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, join(pointer, index)));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, walk(member, join(pointer, key))]));
  };
  const expandText = (text: string, pointer: string) =>
    text.replaceAll(VARIABLE, (written: string, name: string | undefined, end: string | undefined) => {
      if (name === undefined) return "${";
      const found = end === "}" && NAME.test(name) ? lookUp(name, pointer, expansion) : undefined;
      if (end !== "}" || !NAME.test(name)) {
        expansion.problems.add(pointer, "has ${ without a variable's name and }; a literal ${ is written $${");
      }
      if (found !== undefined) used.add(found);
      return found ?? written;
    });
  return { value: walk(value, ""), used: [...used] };
}

function lookUp(name: string, pointer: string, { env, problems, mayBeUnset }: Expansion): string | undefined {
  try {
    const text = rawText(name, env);
    if (text === undefined && mayBeUnset(pointer)) problems.ignore(pointer);
    else if (text === undefined) problems.add(pointer, `the variable ${name} is not set, or empty`);
    return text;
  } catch (error) {
    problems.add(pointer, `the variable ${name} cannot be read: ${errorMessage(error)}`);
    return undefined;
  }
}
