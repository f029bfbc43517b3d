import { member, toList, toText } from "./tolerant.ts";

/** The lines about what changed since the last digest; none of them for a first digest. */
export function toChangeLines(changes: unknown): string[] {
  if (typeof changes !== "object" || changes === null) return ["  first digest: nothing to compare with"];
  const lines = Object.entries(changes).flatMap(([name, change]) => toLines(name, change));
  const since = toText(member(changes, "since")) ?? "the last digest";
  return lines.length === 0 ? [`  no changes since ${since}`] : [`  changes since ${since}`, ...lines];
}

function toLines(name: string, change: unknown): string[] {
  const isPair = member(change, "old") !== undefined || member(change, "new") !== undefined;
  if (isPair)
    return [`    ${name}: ${toText(member(change, "old")) ?? "none"} → ${toText(member(change, "new")) ?? "none"}`];
  if (typeof change !== "object" || change === null) return [];
  return Object.entries(change).flatMap(([verb, items]) =>
    toList(items).map((item) => `    ${name} ${verb}: ${toName(item)}`),
  );
}

function toName(item: unknown): string {
  const number = toText(member(item, "number"));
  const name = toText(member(item, "title")) ?? toText(member(item, "name")) ?? toText(member(item, "user"));
  return `${number === undefined ? "" : `#${number} `}${name ?? toText(item) ?? JSON.stringify(item)}`;
}
