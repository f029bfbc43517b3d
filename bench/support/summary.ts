import { type Report, type Row, toColumns } from "./bench.ts";

/** The programs asked for (`a,b`), else all, in their own order. @throws when one is not known. */
export function selectPrograms(
  programs: ReadonlyMap<string, string>,
  only: string | undefined,
): readonly (readonly [string, string])[] {
  if (only === undefined) return [...programs];
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !programs.has(name));
  if (unknown.length > 0) {
    throw new Error(`there is no bench ${unknown.join(", ")}; there are ${[...programs.keys()].join(", ")}`);
  }
  return [...programs].filter(([name]) => names.includes(name));
}

/** All that is to be reached, in one table, and how much of it is; then what failed. */
export function toTable(reports: readonly Report[], failed: readonly string[]): string {
  const rows = reports.flatMap(({ name, rows }) =>
    rows.filter(isPromise).map((row) => ({ ...row, what: `${name}: ${row.what}` })),
  );
  const reached = rows.filter(({ isReached }) => isReached).length;
  const failures = failed.length === 0 ? "" : `FAILED: ${failed.join(", ")}\n`;
  return `\nAll benches\n${toColumns(rows)}\n${reached} of ${rows.length} reached\n${failures}`;
}

function isPromise({ isReached }: Row): boolean {
  return isReached !== undefined;
}
