import type { DigestStats } from "@hookline/contracts";
import type { Snapshot, SnapshotIssue } from "../../src/snapshots/snapshot.ts";

export const stats: DigestStats = {
  stars: 1,
  forks: 2,
  watchers: 3,
  openIssues: 0,
  openPullRequests: 0,
  contributors: 0,
  languages: { TypeScript: 100 },
  license: "MIT",
  topics: ["queue"],
  defaultBranch: "main",
  latestRelease: null,
  pushedAt: "2026-01-01T00:00:00Z",
  archived: false,
  visibility: "public",
  description: "A repository",
};

/** An issue of that number, created on that day of January 2026. */
export function issue(number: number, day = 1): SnapshotIssue {
  return {
    number,
    title: `Issue ${number}`,
    author: number % 5 === 0 ? null : "octocat",
    labels: [{ name: "bug" }],
    url: `https://github.com/octocat/hello-world/issues/${number}`,
    createdAt: `2026-01-${String(day).padStart(2, "0")}T00:00:00Z`,
  };
}

export interface SnapshotInput {
  readonly issues?: readonly (number | SnapshotIssue)[];
  readonly contributors?: readonly string[];
  readonly stats?: Partial<DigestStats>;
  readonly collectedAt?: string;
  readonly cutLists?: Snapshot["cutLists"];
  readonly partialReasons?: readonly string[];
  readonly repository?: string;
}

/** A snapshot of octocat/hello-world as it was at noon on 2 January 2026, unless told otherwise. */
export function snapshot(input: SnapshotInput = {}): Snapshot {
  const { issues = [], contributors = [], cutLists = [] } = input;
  return {
    user: "octocat",
    repository: input.repository ?? "hello-world",
    collectedAt: input.collectedAt ?? "2026-01-02T12:00:00.000Z",
    issues: issues.map((each) => (typeof each === "number" ? issue(each) : each)),
    contributors: contributors.map((user) => ({ user, qtd_commits: 1, name: null })),
    stats: { ...stats, openIssues: issues.length, contributors: contributors.length, ...input.stats },
    partialReasons: input.partialReasons ?? cutLists.map((list) => `the ${list} were cut`),
    cutLists,
    githubRequests: 5,
    isRevalidated: false,
  };
}
