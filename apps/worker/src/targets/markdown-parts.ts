import { emphasisMarkdown, escapeMarkdown, linkMarkdown, type MarkdownDialect, strongMarkdown } from "./markdown.ts";
import type { Fact, Item, Section } from "./target.ts";
import { shorten, toLine } from "./text.ts";

const MAX_MORE_URL = 400;
const MAX_LABEL = 40;

const grouped = new Intl.NumberFormat("en-US");

/** Facts on one line: **Stars** 1,234 · **Forks** 312. */
export function toFactLine(facts: readonly Fact[], dialect: MarkdownDialect): string {
  return facts
    .filter(({ value }) => toLine(value) !== "")
    .map(
      ({ label, value }) => `${strongMarkdown(shorten(label, MAX_LABEL), dialect)} ${escapeMarkdown(value, dialect)}`,
    )
    .join(" · ");
}

/** A section's title with its items as linked lines below. */
export function toSectionMarkdown({ title, items, more }: Section, dialect: MarkdownDialect): string {
  const lines = items.map((item) => `- ${toItemMarkdown(item, dialect)}`);
  const rest = more === undefined ? [] : [`- ${linkMarkdown({ ...toMore(more), max: MAX_MORE_URL }, dialect)}`];
  return [strongMarkdown(title, dialect), ...lines, ...rest].join("\n");
}

export function toItemMarkdown({ text, url, note }: Item, dialect: MarkdownDialect): string {
  const linked = linkMarkdown({ text, url }, dialect);
  const quiet = toLine(note ?? "");
  return quiet === "" ? linked : `${linked} · ${escapeMarkdown(quiet, dialect)}`;
}

/** What stands below a list that is not told in full. */
export function toMore({ count, url }: NonNullable<Section["more"]>): { text: string; url: string | undefined } {
  return { text: `… and ${grouped.format(count)} more`, url };
}

/** Paragraphs, but none that has nothing in it. */
export function joinParagraphs(paragraphs: readonly string[]): string {
  return paragraphs.filter((paragraph) => paragraph.trim() !== "").join("\n\n");
}

export function toFooterMarkdown(footer: string, dialect: MarkdownDialect): string {
  return toLine(footer) === "" ? "" : emphasisMarkdown(footer, dialect);
}
