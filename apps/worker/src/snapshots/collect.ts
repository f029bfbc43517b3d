import { DAY_MS } from "@hookline/runtime";
import { withAbort } from "../abort.ts";
import type { GithubClient } from "../github/client.ts";
import { type ContributorList, listContributors } from "../github/contributors.ts";
import { type IssueList, listIssues } from "../github/issues.ts";
import { getLanguages } from "../github/languages.ts";
import { getLatestRelease } from "../github/latest-release.ts";
import { findNames, type NameList } from "../github/names.ts";
import { getRepository, type RepositoryFacts } from "../github/repository.ts";
import type { GithubSession } from "../github/session.ts";
import type { Snapshot, SnapshotContributor, SnapshotStats } from "./snapshot.ts";

export interface CollectOptions {
  /** How long display names are kept, ms; default a day. */
  readonly userCacheTtlMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly now?: () => number;
}

interface Parts {
  readonly facts: RepositoryFacts;
  readonly issues: IssueList;
  readonly contributors: ContributorList;
  readonly names: NameList;
  readonly languages: Record<string, number>;
  readonly latestRelease: string | null;
}

/**
 * Asks GitHub for everything a snapshot holds. When one part fails the others are aborted.
 *
 * @throws PermanentError when there is no such repository (after one request), TemporaryError, RetryAfterError, or the
 * signal's reason.
 */
export function collectSnapshot(
  client: GithubClient,
  { username, repository }: { readonly username: string; readonly repository: string },
  { userCacheTtlMs = DAY_MS, signal: outer, now = Date.now }: CollectOptions = {},
): Promise<Snapshot> {
  return withAbort(outer, async (signal, abort) => {
    const collectedAt = new Date(now()).toISOString();
    const session = client.open(signal);
    // The canonical name comes first: a renamed repository costs one redirect, not one for each part.
    const facts = await getRepository(session, username, repository);
    const parts = await collectParts({ client, session, facts, userCacheTtlMs }, abort);
    const { sent, isRevalidated } = session.tally();
    return { ...toSnapshot(parts), collectedAt, githubRequests: sent, isRevalidated };
  });
}

interface Collection {
  readonly client: GithubClient;
  readonly session: GithubSession;
  readonly facts: RepositoryFacts;
  readonly userCacheTtlMs: number;
}

async function collectParts(collection: Collection, abort: (reason: unknown) => void): Promise<Parts> {
  const { client, session, facts, userCacheTtlMs: ttlMs } = collection;
  const issues = listIssues(session, facts);
  const contributors = listContributors(session, facts);
  const languages = getLanguages(session, facts);
  const latestRelease = getLatestRelease(session, facts);
  const findAll = async () => {
    const list = await contributors;
    // Anonymously the lists come first: names may use only what these leave of the budget.
    if (client.isAnonymous) await Promise.all([issues, languages, latestRelease]);
    return findNames(client, session, { contributors: list.contributors, ttlMs });
  };
  const parts = [issues, contributors, languages, latestRelease, findAll()] as const;
  for (const part of parts) part.catch(abort);
  await Promise.allSettled(parts);
  const [read, listed, bytes, tag, names] = await Promise.all(parts);
  return { facts, issues: read, contributors: listed, languages: bytes, latestRelease: tag, names };
}

function toSnapshot(
  parts: Parts,
): Pick<Snapshot, "user" | "repository" | "issues" | "contributors" | "stats" | "partialReasons" | "cutLists"> {
  const { facts, issues, contributors, names } = parts;
  const reasons = [issues.partialReason, contributors.partialReason, names.partialReason];
  return {
    user: facts.owner,
    repository: facts.name,
    issues: issues.issues,
    contributors: toContributors(parts),
    stats: toStats(parts),
    partialReasons: reasons.filter((reason) => reason !== undefined),
    cutLists: (["issues", "contributors"] as const).filter((list) => parts[list].partialReason !== undefined),
  };
}

function toContributors({ contributors, names }: Parts): SnapshotContributor[] {
  return contributors.contributors.map(({ login, commits }) => ({
    user: login,
    qtd_commits: commits,
    name: names.names.get(login) ?? null,
  }));
}

function toStats({ facts, issues, contributors, languages, latestRelease }: Parts): SnapshotStats {
  const { owner: _owner, name: _name, openItems: _openItems, topics, ...told } = facts;
  return {
    ...told,
    topics: [...topics],
    openIssues: issues.issues.length,
    openPullRequests: issues.openPullRequests,
    contributors: contributors.contributors.length,
    languages,
    latestRelease,
  };
}
