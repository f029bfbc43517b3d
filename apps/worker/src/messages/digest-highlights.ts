import type { Changes } from "@hookline/contracts";
import { toCount, toNumber, toTextOr } from "./wording.ts";

/** What changed, in phrases: the most important first. Empty when nothing did. */
export function toHighlights(changes: Changes): string[] {
  const { issues, contributors } = changes;
  const hasLists = issues.opened.length + issues.closed.length > 0;
  return [
    toRelease(changes),
    toArchived(changes),
    changes.visibility && `now ${toTextOr(changes.visibility.new, "hidden")}`,
    issues.opened.length > 0 && toCount(issues.opened.length, "new issue"),
    issues.closed.length > 0 && toClosed(issues.closed.length, issues.opened.length > 0),
    // Where a list was cut, only the number tells.
    !hasLists && toMoreOrFewer(changes.openIssues, "open issue"),
    toMoreOrFewer(changes.stars, "star"),
    contributors.joined.length > 0 && toCount(contributors.joined.length, "new contributor"),
    toMoreOrFewer(changes.openPullRequests, "open pull request"),
    toMoreOrFewer(changes.forks, "fork"),
    toMoreOrFewer(changes.watchers, "watcher"),
    changes.license &&
      (changes.license.new === null ? "license removed" : `license ${toTextOr(changes.license.new, "changed")}`),
    changes.defaultBranch && `default branch ${toTextOr(changes.defaultBranch.new, "changed")}`,
    changes.description && "new description",
    changes.pushedAt && "new commits",
  ].filter((phrase) => typeof phrase === "string");
}

function toRelease({ latestRelease }: Changes): string | undefined {
  if (latestRelease === undefined) return undefined;
  return latestRelease.new === null
    ? "latest release removed"
    : `new release ${toTextOr(latestRelease.new, "")}`.trim();
}

function toArchived({ archived }: Changes): string | undefined {
  if (archived === undefined) return undefined;
  return archived.new ? "archived" : "no longer archived";
}

/** After the new ones it is plain that issues are meant. */
function toClosed(count: number, isAfterOpened: boolean): string {
  return isAfterOpened ? `${toNumber(count)} closed` : toCount(count, "closed issue");
}

function toMoreOrFewer(change: { old: number; new: number } | undefined, noun: string): string | undefined {
  if (change === undefined) return undefined;
  const by = change.new - change.old;
  const words = by > 0 ? `more ${noun}` : `fewer ${noun}`;
  return toCount(Math.abs(by), words);
}
