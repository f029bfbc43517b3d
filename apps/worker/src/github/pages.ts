import { TemporaryError } from "@hookline/runtime";
import { toNextUrl } from "./addresses.ts";
import type { GithubAnswer, GithubSession, Mapper } from "./session.ts";

/** One page, mapped. */
export interface Page {
  /** Entries GitHub listed, before any were left out. */
  readonly size: number;
}

export interface PagesOptions<P extends Page> {
  readonly mapper: Mapper<P>;
  readonly mostPages: number;
  /** Statuses that mean that there is no list, and the page they stand for. */
  readonly absent?: { readonly statuses: readonly number[]; readonly value: P };
}

export interface PagedList<P extends Page> {
  readonly pages: readonly P[];
  /** Whether there were more pages than we read. */
  readonly isCut: boolean;
}

/** The most that GitHub lists on a page. */
export const PER_PAGE = 100;

/**
 * Reads a list page by page, following `rel="next"` and nothing else.
 *
 * @throws TemporaryError when a next page leads to another host or back to a page already read.
 */
export async function getPages<P extends Page>(
  session: GithubSession,
  first: URL,
  { mapper, mostPages, absent }: PagesOptions<P>,
): Promise<PagedList<P>> {
  const pages: P[] = [];
  const seen = new Set<string>();
  for (let url: URL | undefined = first; url !== undefined; ) {
    if (pages.length >= mostPages) return { pages, isCut: true };
    if (seen.has(url.href)) throw new TemporaryError("github_unavailable", "GitHub's next page was read before");
    seen.add(url.href);
    const { value, next }: GithubAnswer<P> = await session.get(url, mapper, { absent, isCacheable });
    pages.push(value);
    url = next === undefined ? undefined : toNextUrl(url, next);
  }
  return { pages, isCut: false };
}

/**
 * A full last page is asked for anew each time: when a page is added after it its body, and so its ETag, stays the same,
 * and a 304 has no `Link` that would tell.
 */
function isCacheable({ size }: Page, next: string | undefined): boolean {
  return next !== undefined || size < PER_PAGE;
}
