import { type Entry, fieldsAt, isFields } from "./entry.ts";
import { isVariable } from "./expand.ts";
import { join } from "./pointer.ts";
import type { Problems } from "./problems.ts";

/** The members of a schema that are secrets: `"x-secret": true`. */
export function secretNames(schema: object): readonly string[] {
  return Object.entries(fieldsAt(schema, "properties"))
    .filter(([, member]) => isFields(member) && member["x-secret"] === true)
    .map(([name]) => name);
}

/** Secrets stand in the environment, not in the file. */
export function checkSecrets({ pointer, raw }: Entry, names: readonly string[], problems: Problems): void {
  for (const name of names.filter((secret) => raw[secret] !== undefined && !isVariable(raw[secret]))) {
    problems.add(join(pointer, name), "must be written as ${VARIABLE}, so that the secret is not in the file");
  }
}
