import { requireRecord, requireText } from "./json.ts";
import type { RepositoryFacts } from "./repository.ts";
import type { GithubSession } from "./session.ts";

/**
 * Without a release GitHub answers 404, which cannot be asked for conditionally: most repositories have none, and would
 * cost a counted request each time. Their first release is told at most this much later.
 */
const ABSENT = { statuses: [404], value: null, keptMs: 600_000 };

/** The tag of the latest release that is neither a draft nor a pre-release; null when there is none. */
export async function getLatestRelease(
  session: GithubSession,
  { owner, name }: RepositoryFacts,
): Promise<string | null> {
  const url = session.toUrl(["repos", owner, name, "releases", "latest"]);
  const answer = await session.get<string | null>(url, toTag, { absent: ABSENT });
  return answer.value;
}

export function toTag(json: unknown): string {
  return requireText(requireRecord(json, "release").tag_name, "release.tag_name");
}
