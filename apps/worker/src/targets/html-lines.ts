import { toSafeUrl } from "./links.ts";
import { type Row, toRows } from "./rows.ts";
import type { Run } from "./runs.ts";
import type { RichText } from "./target.ts";
import { toLines } from "./text.ts";

/** The tags that a service has; what is left out is shown without. */
export interface HtmlTags {
  readonly strong: string;
  readonly emphasis: string;
  readonly strike: string;
  readonly code?: string;
  readonly pre?: string;
  readonly quote?: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const MAX_URL = 2000;
const QUOTED = "│ ";

/** A text as it stands, in HTML's texts and attributes. */
export function escapeHtml(text: string): string {
  return toLines(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A text as a link, unless the address is missing or leads nowhere harmless. */
export function linkHtml(text: string, url: string | undefined): string {
  const href = toSafeUrl(url, { max: MAX_URL, allowsMail: true });
  return href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

/** A rich text as lines between `<br>`, for services that show no blocks. */
export function toHtmlLines(blocks: RichText, tags: HtmlTags): string {
  return toRows(blocks)
    .map((row) => renderRow(row, tags))
    .join("<br>");
}

function renderRow(row: Row, tags: HtmlTags): string {
  switch (row.type) {
    case "text":
      return quote(escapeHtml(row.lead) + row.runs.map((run) => renderRun(run, tags)).join(""), row.isQuoted, tags);
    case "code":
      return quote(renderCode(row.text, tags), row.isQuoted, tags);
    case "rule":
      return "───────";
    case "gap":
      return "";
  }
}

function quote(line: string, isQuoted: boolean, tags: HtmlTags): string {
  if (!isQuoted) return line;
  return tags.quote === undefined ? QUOTED + line : wrap(line, tags.quote);
}

function renderCode(text: string, { pre }: HtmlTags): string {
  return pre === undefined ? escapeHtml(text).replaceAll("\n", "<br>") : wrap(escapeHtml(text), pre);
}

function renderRun({ text, url, isCode, isStrike, isEmphasis, isStrong }: Run, tags: HtmlTags): string {
  const coded = isCode ? wrap(linkHtml(text, url), tags.code) : linkHtml(text, url);
  const struck = wrap(coded, isStrike ? tags.strike : undefined);
  return wrap(wrap(struck, isEmphasis ? tags.emphasis : undefined), isStrong ? tags.strong : undefined);
}

function wrap(html: string, tag: string | undefined): string {
  return tag === undefined ? html : `<${tag}>${html}</${tag}>`;
}
