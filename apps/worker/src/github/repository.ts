import { requireRecord, requireText, toCount, toTextOrNull } from "./json.ts";
import type { GithubSession } from "./session.ts";

/** What `GET /repos/{owner}/{repo}` tells. */
export interface RepositoryFacts {
  /** The canonical names, also when an old name was asked for. */
  readonly owner: string;
  readonly name: string;
  readonly stars: number;
  readonly forks: number;
  readonly watchers: number;
  /** Open issues and pull requests together. */
  readonly openItems: number;
  readonly license: string | null;
  readonly topics: readonly string[];
  readonly defaultBranch: string;
  readonly pushedAt: string | null;
  readonly archived: boolean;
  readonly visibility: string;
  readonly description: string | null;
}

/** @throws PermanentError `repository_not_found` and the like. */
export async function getRepository(
  session: GithubSession,
  owner: string,
  repository: string,
): Promise<RepositoryFacts> {
  const answer = await session.get(session.toUrl(["repos", owner, repository]), toRepositoryFacts);
  return answer.value;
}

export function toRepositoryFacts(json: unknown): RepositoryFacts {
  const repository = requireRecord(json, "repository");
  const [owner = "", name = ""] = requireText(repository.full_name, "repository.full_name").split("/");
  return {
    owner: requireText(owner || null, "repository.full_name"),
    name: requireText(name || null, "repository.full_name"),
    stars: toCount(repository.stargazers_count),
    forks: toCount(repository.forks_count),
    // `watchers_count` repeats the stars for compatibility; this one is who watches.
    watchers: toCount(repository.subscribers_count),
    openItems: toCount(repository.open_issues_count),
    license: toLicense(repository.license),
    topics: toTopics(repository.topics),
    defaultBranch: toTextOrNull(repository.default_branch) ?? "main",
    pushedAt: toTextOrNull(repository.pushed_at),
    archived: repository.archived === true,
    visibility: toTextOrNull(repository.visibility) ?? (repository.private === true ? "private" : "public"),
    description: toTextOrNull(repository.description),
  };
}

function toLicense(license: unknown): string | null {
  return license === null || license === undefined ? null : toTextOrNull(requireRecord(license, "license").spdx_id);
}

function toTopics(topics: unknown): string[] {
  return Array.isArray(topics) ? topics.filter((topic) => typeof topic === "string") : [];
}
