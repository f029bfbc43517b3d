import { type Fields, isFields } from "../parse.ts";
import type { Path } from "./check.ts";

/** Every object inside a value with its path, outer before inner, in order. */
export function* walk(value: unknown, path: Path = []): Generator<{ node: Fields; path: Path }> {
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) yield* walk(member, [...path, index]);
    return;
  }
  if (!isFields(value)) return;
  yield { node: value, path };
  for (const [name, member] of Object.entries(value)) yield* walk(member, [...path, name]);
}
