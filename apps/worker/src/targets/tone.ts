import type { Status } from "./target.ts";

const MARKS: Record<Status["tone"], string> = { good: "🟢", news: "🔵", quiet: "⚪", warning: "🟡", bad: "🔴" };

/** A status as one line of plain text, for services that show no colour: `🔵 3 new issues`. */
export function toStatusLine({ tone, text }: Status): string {
  return `${MARKS[tone]} ${text}`;
}
