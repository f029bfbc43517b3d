import { type Page, type PageRequest, toLinkHeader, toLinkUrl, toPerPage } from "./page.ts";

/** The list in order, and each item's key: its place in that order, which stays when others come and go. */
export interface OrderedList<T> {
  items: T[];
  toKey: (item: T) => string;
  compareKeys: (a: string, b: string) => number;
}

/** One page by `after` or `before` cursor: `next` and `prev` links only. `undefined` when the cursor is none of ours. */
export function toCursorPage<T>(list: OrderedList<T>, request: PageRequest): Page<T> | undefined {
  const perPage = toPerPage(request.query);
  const after = request.query.get("after");
  const before = request.query.get("before");
  const key = fromCursor(after ?? before);
  if (key === undefined) return undefined;
  const start = toStart(list, { key, isBefore: after === null && before !== null, perPage });
  const items = list.items.slice(start, start + perPage);
  const first = items[0];
  const last = items.at(-1);
  const links = {
    ...(first !== undefined && start > 0 && { prev: toLinkUrl(request, { before: toCursor(list.toKey(first)) }) }),
    ...(last !== undefined &&
      start + perPage < list.items.length && { next: toLinkUrl(request, { after: toCursor(list.toKey(last)) }) }),
  };
  return { items, headers: toLinkHeader(links) };
}

function toStart<T>(list: OrderedList<T>, at: { key: string; isBefore: boolean; perPage: number }): number {
  if (at.key === "") return 0;
  if (at.isBefore) {
    const end = list.items.filter((item) => list.compareKeys(list.toKey(item), at.key) < 0).length;
    return Math.max(0, end - at.perPage);
  }
  return list.items.filter((item) => list.compareKeys(list.toKey(item), at.key) <= 0).length;
}

function toCursor(key: string): string {
  return Buffer.from(`cursor:v2:${key}`).toString("base64");
}

function fromCursor(cursor: string | null): string | undefined {
  if (cursor === null) return "";
  return /^cursor:v2:(.+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1];
}
