import type { Changes, Digest } from "@hookline/contracts";
import type { ServedSnapshot } from "../snapshots/store.ts";

/** Makes the document that a `webhook` target receives. Pure. */
export function toDigest(
  taskId: string,
  { snapshot, source, githubRequests }: ServedSnapshot,
  changes: Changes | null,
  now: Date,
): Digest {
  const { user, repository, issues, contributors, stats, collectedAt, partialReasons } = snapshot;
  return {
    type: "repository.digest",
    id: taskId,
    timestamp: now.toISOString(),
    user,
    repository,
    issues: [...issues],
    contributors: [...contributors],
    stats,
    snapshot: {
      collectedAt,
      ageMs: Math.max(0, now.getTime() - Date.parse(collectedAt)),
      stale: source === "stale",
      partial: partialReasons.length > 0,
      partialReasons: [...partialReasons],
      githubRequests,
    },
    changes,
  };
}
