import { createValidator, type InputError } from "@hookline/runtime";
import { fieldsAt } from "./entry.ts";
import { membersOf, parentOf } from "./pointer.ts";
import type { Problems } from "./problems.ts";
import { suggest } from "./suggest.ts";

/**
 * Makes a check of the member at a pointer against a schema, whose problems it adds. The check is true when nothing is
 * wrong but members whose values are not known here, or are told of already.
 */
export function createCheck<T>(schema: object): (value: unknown, at: string, problems: Problems) => value is T {
  const validate = createValidator<T>(schema);
  return (value, at, problems): value is T => {
    const validation = validate(value);
    if (validation.isValid) return true;
    const fresh = validation.errors.filter(({ pointer }) => !problems.isMarked(at + pointer));
    for (const error of fresh) addProblem(problems, at, toProblem(schema, error));
    return fresh.length === 0;
  };
}

interface SchemaProblem extends InputError {
  readonly isOfKey: boolean;
}

function addProblem(problems: Problems, at: string, { pointer, message, isOfKey }: SchemaProblem): void {
  problems.add(at + pointer, message, isOfKey ? "key" : "value");
}

const UNKNOWN = "is not a known field";

function toProblem(schema: object, { pointer, message }: InputError): SchemaProblem {
  if (message !== UNKNOWN)
    return { pointer, message: message.replace(/^field (\S+) is required$/, "is missing"), isOfKey: false };
  const parent = parentOf(pointer);
  const known = namesAt(schema, parent);
  if (known === undefined) return { pointer, message: "is not a name that can stand here", isOfKey: true };
  return { pointer, message: `is not known here; ${suggest(membersOf(pointer).at(-1) ?? "", known)}`, isOfKey: true };
}

/** The names that a schema knows at a member; `undefined` where they are the user's own. */
function namesAt(schema: object, pointer: string): readonly string[] | undefined {
  const path = membersOf(pointer).flatMap((member) => ["properties", member]);
  const names = Object.keys(fieldsAt(schema, ...path, "properties"));
  return names.length === 0 ? undefined : names;
}
