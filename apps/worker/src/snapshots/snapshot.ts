import type { DigestContributor, DigestIssue, DigestStats } from "@hookline/contracts";

export type SnapshotIssue = DigestIssue;
export type SnapshotContributor = DigestContributor;
export type SnapshotStats = DigestStats;

/** Raised whenever what a snapshot holds changes: copies and baselines of another version are then ignored. */
export const SNAPSHOT_VERSION = 1;

/** What we knew about a repository at a moment. Stored in Redis and turned into digests. */
export interface Snapshot {
  /** The canonical name, which differs from the one asked for after a rename. */
  readonly user: string;
  readonly repository: string;
  /** When the collection began, ISO 8601: nothing in it is older. */
  readonly collectedAt: string;
  readonly issues: readonly SnapshotIssue[];
  readonly contributors: readonly SnapshotContributor[];
  readonly stats: SnapshotStats;
  /** Why something is missing; empty when the picture is whole. */
  readonly partialReasons: readonly string[];
  /** Lists of which only a part was read, so that who is missing there may exist all the same. */
  readonly cutLists: readonly ("issues" | "contributors")[];
  /** Requests this collection sent to GitHub, conditional ones included. */
  readonly githubRequests: number;
  /** Whether every answer that came from GitHub was a 304. */
  readonly isRevalidated: boolean;
}

/** How much there is in a snapshot or baseline: what is kept in memory is limited by it. */
export function toSize({
  issues,
  contributors,
}: {
  issues: readonly unknown[];
  contributors: readonly unknown[];
}): number {
  return 1 + issues.length + contributors.length;
}
