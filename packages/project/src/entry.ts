/** A mapping of the file. */
export type Fields = Readonly<Record<string, unknown>>;

/** A named member of the file as it is written and as its variables make it. */
export interface Entry {
  readonly name: string;
  readonly pointer: string;
  readonly raw: Fields;
  readonly value: Fields;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What lies at the end of a path of names, as long as mappings lead there. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  let current = value;
  for (const name of path) current = isFields(current) && Object.hasOwn(current, name) ? current[name] : undefined;
  return isFields(current) ? current : {};
}
