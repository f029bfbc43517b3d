import type { BasecampInbox, TargetConfig } from "@hookline/contracts";

/** What the project file says; the records have no members but their own. */
export interface Project {
  readonly targets: Readonly<Record<string, TargetConfig>>;
  /** `sources.basecamp.inboxes`. */
  readonly inboxes: Readonly<Record<string, BasecampInbox>>;
  /** The values of all its variables, and what else in it is secret, for the logger to mask. */
  readonly secrets: readonly string[];
}

/** Without a project file. */
export const emptyProject: Project = { targets: toRecord([]), inboxes: toRecord([]), secrets: [] };

/** A record by name in which `constructor` and the like are not found unless they were put there. */
export function toRecord<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  const record: Record<string, T> = Object.create(null);
  for (const [name, value] of entries) record[name] = value;
  return record;
}
