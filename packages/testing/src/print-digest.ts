import { toChangeLines } from "./print-changes.ts";
import { member, toList, toText } from "./tolerant.ts";

const SHOWN = 10;
const STATS = [
  "stars",
  "forks",
  "watchers",
  "openIssues",
  "openPullRequests",
  "contributors",
  "latestRelease",
  "license",
];

/** A digest as text for a terminal. Tolerant: what is missing or of another kind is left out; other documents are printed as JSON. */
export function toDigestText(digest: unknown): string {
  const type = toText(member(digest, "type"));
  if (member(digest, "stats") === undefined && type !== "repository.digest")
    return JSON.stringify(digest, null, 2) ?? "";
  const issues = toList(member(digest, "issues"));
  const contributors = toList(member(digest, "contributors"));
  return [
    toTitle(digest),
    ...toDescription(digest),
    `  ${toStats(member(digest, "stats"))}`,
    ...toSection("open issues", issues, toIssueLine),
    ...toSection("contributors", contributors, toContributorLine),
    ...toChangeLines(member(digest, "changes")),
    ...toSnapshotLine(member(digest, "snapshot")),
  ].join("\n");
}

function toTitle(digest: unknown): string {
  const user = toText(member(digest, "user")) ?? "?";
  const repository = toText(member(digest, "repository")) ?? "?";
  return `${user}/${repository} at ${toText(member(digest, "timestamp")) ?? "an unknown time"}`;
}

function toDescription(digest: unknown): string[] {
  const description = toText(member(member(digest, "stats"), "description"));
  return description === undefined ? [] : [`  ${description}`];
}

function toStats(stats: unknown): string {
  const known = STATS.flatMap((name) => {
    const text = toText(member(stats, name));
    return text === undefined ? [] : [`${name} ${text}`];
  });
  return known.length === 0 ? "no stats" : known.join(" · ");
}

function toSection(name: string, items: unknown[], toLine: (item: unknown) => string): string[] {
  const more = items.length > SHOWN ? [`    … and ${items.length - SHOWN} more`] : [];
  return [`  ${items.length} ${name}`, ...items.slice(0, SHOWN).map((item) => `    ${toLine(item)}`), ...more];
}

function toIssueLine(issue: unknown): string {
  const labels = toList(member(issue, "labels")).flatMap((label) => toText(member(label, "name")) ?? []);
  const suffix = labels.length === 0 ? "" : ` [${labels.join(", ")}]`;
  const author = toText(member(issue, "author")) ?? "a deleted account";
  return `#${toText(member(issue, "number")) ?? "?"} ${toText(member(issue, "title")) ?? "?"} (${author})${suffix}`;
}

function toContributorLine(contributor: unknown): string {
  const login = toText(member(contributor, "user"));
  const name = toText(member(contributor, "name")) ?? login ?? "?";
  const handle = login !== undefined && login !== name ? ` (${login})` : "";
  return `${name}${handle}: ${toText(member(contributor, "qtd_commits")) ?? "?"} commits`;
}

function toSnapshotLine(snapshot: unknown): string[] {
  if (snapshot === undefined || snapshot === null) return [];
  const marks = ["stale", "partial"].filter((mark) => member(snapshot, mark) === true);
  const requests = toText(member(snapshot, "githubRequests")) ?? "?";
  return [
    `  collected ${toText(member(snapshot, "collectedAt")) ?? "?"}, ${requests} GitHub requests ${marks.join(", ")}`.trimEnd(),
  ];
}
