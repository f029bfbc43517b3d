import type { Changes, DigestStats, IssueChange } from "@hookline/contracts";
import type { Baseline } from "./baseline.ts";
import type { Snapshot, SnapshotIssue } from "./snapshot.ts";

/** The figures whose change is told as old and new. */
const COMPARED = [
  "stars",
  "forks",
  "watchers",
  "openIssues",
  "openPullRequests",
  "license",
  "defaultBranch",
  "latestRelease",
  "pushedAt",
  "archived",
  "visibility",
  "description",
] as const satisfies readonly (keyof DigestStats)[];

/** What is new in a snapshot since a target's last digest. Pure. */
export function diff(baseline: Baseline, snapshot: Snapshot): Changes {
  const known = new Map(baseline.issues.map((issue) => [issue.number, issue]));
  const open = new Set(snapshot.issues.map(({ number }) => number));
  const contributors = new Set(baseline.contributors);
  return {
    since: baseline.collectedAt,
    ...changedStats(baseline.stats, snapshot.stats),
    issues: {
      opened: snapshot.issues
        .filter((issue) => !known.has(issue.number) && wouldHaveBeenListed(issue, baseline))
        .map(toIssueChange),
      closed: baseline.issues.filter((issue) => !open.has(issue.number) && wouldBeListed(issue, snapshot)),
    },
    contributors: {
      // A list that GitHub would not give then is no proof that all of it is new.
      joined: baseline.cutLists.includes("contributors")
        ? []
        : snapshot.contributors.map(({ user }) => user).filter((user) => !contributors.has(user)),
    },
  };
}

/** Whether there is anything to tell. */
export function isUnchanged({ since: _, issues, contributors, ...stats }: Changes): boolean {
  const lists = [issues.opened, issues.closed, contributors.joined];
  return Object.keys(stats).length === 0 && lists.every((list) => list.length === 0);
}

function changedStats(before: DigestStats, after: DigestStats): Partial<Changes> {
  const changed = COMPARED.filter((name) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, { old: before[name], new: after[name] }]));
}

/** Issues are listed the oldest first; of a list that was cut, those after its end are not closed but unknown. */
function wouldBeListed({ number }: IssueChange, { issues, cutLists }: Snapshot): boolean {
  return !cutLists.includes("issues") || number <= (issues.at(-1)?.number ?? 0);
}

/** The other way round: behind the end of a list that was cut, only an issue made since is known to be new. */
function wouldHaveBeenListed(
  { number, createdAt }: SnapshotIssue,
  { issues, cutLists, collectedAt }: Baseline,
): boolean {
  if (!cutLists.includes("issues") || number <= (issues.at(-1)?.number ?? 0)) return true;
  return Date.parse(createdAt) + GITHUB_PRECISION_MS > Date.parse(collectedAt);
}

/** GitHub tells times in whole seconds, cut. */
const GITHUB_PRECISION_MS = 1000;

function toIssueChange({ number, title, url, author }: SnapshotIssue): IssueChange {
  return { number, title, url, author };
}
