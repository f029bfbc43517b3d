import type { DigestIssue } from "@hookline/contracts";
import { isRecord, requireArray, requireInteger, requireRecord, requireText, toTextOrNull } from "./json.ts";
import { getPages, type Page, PER_PAGE } from "./pages.ts";
import type { RepositoryFacts } from "./repository.ts";
import type { GithubSession } from "./session.ts";

export interface IssueList {
  readonly issues: readonly DigestIssue[];
  readonly openPullRequests: number;
  readonly partialReason: string | undefined;
}

interface IssuePage extends Page {
  readonly issues: readonly DigestIssue[];
  readonly pullRequests: readonly number[];
}

/** 10,000 issues and pull requests: more make neither a readable digest nor a polite number of requests. */
const MOST_PAGES = 100;
/** The oldest first, so that a new issue changes the last page only. */
const QUERY = { state: "open", sort: "created", direction: "asc", per_page: String(PER_PAGE) };
/** Issues switched off. */
const ABSENT = { statuses: [410], value: { size: 0, issues: [], pullRequests: [] } };

/** The open issues; pull requests, which GitHub lists among them, are counted. */
export async function listIssues(
  session: GithubSession,
  { owner, name, openItems }: RepositoryFacts,
  mostPages = MOST_PAGES,
): Promise<IssueList> {
  const first = session.toUrl(["repos", owner, name, "issues"], QUERY);
  const { pages, isCut } = await getPages<IssuePage>(session, first, {
    mapper: toIssuePage,
    mostPages,
    absent: ABSENT,
  });
  // An item that moved while we read may be on two pages.
  const issues = [...new Map(pages.flatMap((page) => page.issues).map((issue) => [issue.number, issue])).values()];
  const pullRequests = new Set(pages.flatMap((page) => page.pullRequests));
  const read = issues.length + pullRequests.size;
  const partialReason = isCut
    ? `only the oldest ${read} of ${Math.max(openItems, read)} open issues and pull requests were read`
    : undefined;
  return { issues, openPullRequests: pullRequests.size, partialReason };
}

export function toIssuePage(json: unknown): IssuePage {
  const items = requireArray(json, "issues").map((item) => requireRecord(item, "issue"));
  return {
    size: items.length,
    issues: items.filter((item) => !isPullRequest(item)).map(toIssue),
    pullRequests: items.filter(isPullRequest).map((item) => requireInteger(item.number, "issue.number")),
  };
}

function isPullRequest(item: Readonly<Record<string, unknown>>): boolean {
  return item.pull_request !== undefined && item.pull_request !== null;
}

function toIssue(item: Readonly<Record<string, unknown>>): DigestIssue {
  return {
    title: requireText(item.title, "issue.title"),
    // Null when the account was deleted.
    author: isRecord(item.user) ? toTextOrNull(item.user.login) : null,
    labels: Array.isArray(item.labels) ? item.labels : [],
    number: requireInteger(item.number, "issue.number"),
    url: requireText(item.html_url, "issue.html_url"),
    createdAt: requireText(item.created_at, "issue.created_at"),
  };
}
