import type { Digest, DigestContributor, IssueChange } from "@hookline/contracts";
import { toLine } from "../targets/text.ts";
import type { Item, Section } from "./message.ts";
import type { RepositoryWeb } from "./repository-web.ts";
import { toWebUrl } from "./web-url.ts";
import { toCount, toTextOr } from "./wording.ts";

const MOST_ISSUES = 10;
/** Beside news, of what was open before: a reminder, not the news again. */
const MOST_OTHER_ISSUES = 5;
const MOST_CONTRIBUTORS = 5;

/** The lists of a digest: what changed first, no issue twice. Empty ones are left out. */
export function toDigestSections(digest: Digest, web: RepositoryWeb): Section[] {
  const { changes } = digest;
  const opened = byNewest(changes?.issues.opened ?? []);
  const closed = byNewest(changes?.issues.closed ?? []);
  return [
    toIssueSection("New issues", opened, { count: opened.length, url: web.openIssuesUrl }),
    toIssueSection("Closed issues", closed, { count: closed.length, url: web.closedIssuesUrl }),
    toJoinedSection(digest, web),
    toOpenSection(digest, opened, web),
    // Whoever was told before knows them.
    ...(changes === null ? [toTopSection(digest, web)] : []),
  ].filter(({ items }) => items.length > 0);
}

/** Issues that stand under "New issues" are not told again. */
function toOpenSection(digest: Digest, opened: readonly IssueChange[], { openIssuesUrl }: RepositoryWeb): Section {
  const told = new Set(opened.map(({ number }) => number));
  const left = byNewest(digest.issues.filter(({ number }) => !told.has(number)));
  const all = Math.max(digest.stats.openIssues, digest.issues.length);
  // Of a list that was cut the newest are missing.
  const untold = digest.issues.length < all ? "Open issues" : "Newest issues";
  const title = opened.length > 0 ? "Other open issues" : untold;
  const shown = opened.length > 0 ? left.slice(0, MOST_OTHER_ISSUES) : left;
  return toIssueSection(title, shown, { count: all - told.size, url: openIssuesUrl });
}

function toJoinedSection({ changes, contributors }: Digest, web: RepositoryWeb): Section {
  const joined = changes?.contributors.joined ?? [];
  const known = new Map(contributors.map((contributor) => [contributor.user, contributor]));
  const items = joined
    .slice(0, MOST_CONTRIBUTORS)
    .map((user) => toContributorItem(known.get(user) ?? { user, name: null, qtd_commits: 0 }, web));
  return toSection("New contributors", items, { count: joined.length, url: web.contributorsUrl });
}

function toTopSection({ contributors, stats }: Digest, web: RepositoryWeb): Section {
  const top = contributors.slice(0, MOST_CONTRIBUTORS).map((each) => toContributorItem(each, web));
  const count = Math.max(stats.contributors, contributors.length);
  return toSection("Top contributors", top, { count, url: web.contributorsUrl });
}

function toIssueSection(title: string, issues: readonly IssueChange[], all: Whole): Section {
  return toSection(title, issues.slice(0, MOST_ISSUES).map(toIssueItem), all);
}

interface Whole {
  readonly count: number;
  readonly url: string;
}

function toSection(title: string, items: readonly Item[], { count, url }: Whole): Section {
  const left = count - items.length;
  return { title, items, more: left > 0 ? { count: left, url } : undefined };
}

function toIssueItem({ number, title, url, author }: IssueChange): Item {
  return {
    text: `#${number} ${toTextOr(title, "(no title)")}`,
    url: toWebUrl(url),
    note: author === null ? undefined : `by ${toTextOr(author, "somebody")}`,
  };
}

function toContributorItem({ user, name, qtd_commits }: DigestContributor, web: RepositoryWeb): Item {
  const login = toTextOr(user, "somebody");
  const shown = toLine(name ?? "");
  return {
    text: shown === "" || shown === login ? login : `${shown} (${login})`,
    url: web.toUserUrl(user),
    note: qtd_commits > 0 ? toCount(qtd_commits, "commit") : undefined,
  };
}

/** Numbers are given in the order of creation. */
function byNewest<T extends IssueChange>(issues: readonly T[]): T[] {
  return [...issues].sort((a, b) => b.number - a.number);
}
