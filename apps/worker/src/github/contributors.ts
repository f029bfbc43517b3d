import { PermanentError } from "@hookline/runtime";
import { requireArray, requireRecord, toCount } from "./json.ts";
import { getPages, type Page, type PagedList, PER_PAGE } from "./pages.ts";
import type { RepositoryFacts } from "./repository.ts";
import type { GithubSession } from "./session.ts";

export interface Contributor {
  readonly login: string;
  readonly commits: number;
  readonly isBot: boolean;
}

export interface ContributorList {
  /** The most commits first. */
  readonly contributors: readonly Contributor[];
  readonly partialReason: string | undefined;
}

interface ContributorPage extends Page {
  readonly contributors: readonly Contributor[];
}

/** 5,000 contributors; GitHub itself links only the first 500 authors to accounts. */
const MOST_PAGES = 50;
/** An empty repository. */
const ABSENT = { statuses: [204], value: { size: 0, contributors: [] } };

/** Who has an account and contributed commits. */
export async function listContributors(
  session: GithubSession,
  { owner, name }: RepositoryFacts,
  mostPages = MOST_PAGES,
): Promise<ContributorList> {
  const first = session.toUrl(["repos", owner, name, "contributors"], { per_page: String(PER_PAGE) });
  const options = { mapper: toContributorPage, mostPages, absent: ABSENT };
  const list = await getPages<ContributorPage>(session, first, options).catch(toTooLarge);
  if (list === "too_large") {
    return { contributors: [], partialReason: "GitHub does not list the contributors of a repository this large" };
  }
  return toList(list);
}

export function toContributorPage(json: unknown): ContributorPage {
  const items = requireArray(json, "contributors").map((item) => requireRecord(item, "contributor"));
  const contributors = items.flatMap(({ login, contributions, type }) =>
    typeof login === "string"
      ? [{ login, commits: toCount(contributions), isBot: type === "Bot" || login.endsWith("[bot]") }]
      : [],
  );
  return { size: items.length, contributors };
}

/** Here a 403 that is no limit has one meaning: who may see a repository may see its contributors. */
function toTooLarge(error: unknown): "too_large" {
  if (error instanceof PermanentError && error.code === "repository_forbidden") return "too_large";
  throw error;
}

function toList({ pages, isCut }: PagedList<ContributorPage>): ContributorList {
  const all = pages.flatMap((page) => page.contributors);
  const contributors = [...new Map(all.map((contributor) => [contributor.login, contributor])).values()];
  const partialReason = isCut ? `only the first ${contributors.length} contributors were read` : undefined;
  return { contributors, partialReason };
}
