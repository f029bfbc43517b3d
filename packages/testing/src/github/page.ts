import type { Answer } from "./answer.ts";

export interface Page<T> {
  items: T[];
  headers: Record<string, string>;
}

export interface PageRequest {
  query: URLSearchParams;
  /** Address of the list, without query: links point here. */
  url: string;
}

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

/** Asked page size: default 30, never more than 100, nonsense counts as the default. */
export function toPerPage(query: URLSearchParams): number {
  return Math.min(toPositive(query.get("per_page"), DEFAULT_PER_PAGE), MAX_PER_PAGE);
}

export function toPageNumber(query: URLSearchParams): number {
  return toPositive(query.get("page"), 1);
}

/** One numbered page, with `prev`, `next`, `last` and `first` links as far as they exist. */
export function toNumberedPage<T>(all: T[], request: PageRequest): Page<T> {
  const perPage = toPerPage(request.query);
  const page = toPageNumber(request.query);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const link = (number: number) => toLinkUrl(request, { page: String(number) });
  const links = {
    ...(page > 1 && { prev: link(page - 1) }),
    ...(page < last && { next: link(page + 1), last: link(last) }),
    ...(page > 1 && { first: link(1) }),
  };
  return { items: all.slice((page - 1) * perPage, page * perPage), headers: toLinkHeader(links) };
}

export function toPageAnswer<T>(page: Page<T>, render: (item: T) => unknown): Answer {
  return { status: 200, json: page.items.map(render), headers: page.headers };
}

/** The list's address with the request's own parameters, except those that say where in the list. */
export function toLinkUrl(request: PageRequest, position: Record<string, string>): string {
  const query = new URLSearchParams(request.query);
  for (const name of ["page", "after", "before"]) query.delete(name);
  for (const [name, value] of Object.entries(position)) query.set(name, value);
  return `${request.url}?${query}`;
}

export function toLinkHeader(links: Record<string, string>): Record<string, string> {
  const entries = Object.entries(links).map(([rel, url]) => `<${url}>; rel="${rel}"`);
  return entries.length === 0 ? {} : { link: entries.join(", ") };
}

function toPositive(text: string | null, fallback: number): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : fallback;
}
