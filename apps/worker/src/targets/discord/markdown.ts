import { toSafeUrl } from "../links.ts";
import { type Row, toRows } from "../rows.ts";
import { joinRuns, type Run } from "../runs.ts";
import type { RichText } from "../target.ts";
import { toLine, toLines } from "../text.ts";

const ZERO_WIDTH_SPACE = "\u200b";
/** What is markup anywhere in a line, and the beginning of an address that would become a link. */
const MARKS = /[\\*_~`|<[\]]|:(?=\/\/)/g;
/** What makes a heading, a list or a quotation of a line. */
const LINE_MARKS = /^(\s*\d*)([#>+.-])/gm;
// Shown as a mention also where nobody is told.
const BROADCASTS = /@(?=everyone|here)/g;

/** A stranger's text that shows as it is written: no formatting, no mentions, no links. */
export function escapeMarkdown(text: string): string {
  return toLines(text)
    .replaceAll(MARKS, "\\$&")
    .replaceAll(LINE_MARKS, "$1\\$2")
    .replaceAll(BROADCASTS, `@${ZERO_WIDTH_SPACE}`);
}

/** A text on one line, linked where its URL is harmless and not too long. */
export function toLink(text: string, url: string | undefined, max: number): string {
  return wrapLink(escapeMarkdown(toLine(text)) || "(untitled)", url, max);
}

// Discord shows a link as it is written when its words look like a URL: the escaped colon keeps them from it.
function wrapLink(label: string, url: string | undefined, max: number): string {
  const safe = toSafeUrl(url, { max });
  return safe === undefined ? label : `[${label}](${safe})`;
}

/** A rich text as Discord's Markdown. */
export function toMarkdown(body: RichText): string {
  return toRows(body).map(renderRow).join("\n");
}

function renderRow(row: Row): string {
  switch (row.type) {
    case "text":
      return quote(escapeLead(row.lead) + joinRuns(row.runs, renderRun), row.isQuoted);
    case "code":
      return quote(toCodeBlock(row.text), row.isQuoted);
    case "gap":
      return row.isQuoted ? "> " : "";
    case "rule":
      return "───────";
  }
}

function quote(text: string, isQuoted: boolean): string {
  return isQuoted ? text.replaceAll(/^/gm, "> ") : text;
}

// A number would begin a list of Discord's own, which numbers and indents anew.
function escapeLead(lead: string): string {
  return lead.replace(/\. $/, "\\. ");
}

function renderRun(run: Run): string {
  let rendered = run.isCode && run.url === undefined ? toCode(run.text) : toLinked(run);
  if (run.isStrike) rendered = `~~${rendered}~~`;
  if (run.isEmphasis) rendered = `*${rendered}*`;
  return run.isStrong ? `**${rendered}**` : rendered;
}

/** A link whose words are its address needs no other words: Discord would not hide the one behind the other. */
function toLinked(run: Run): string {
  const safe = toSafeUrl(run.url, { max: 1000 });
  const isBare = safe !== undefined && safe === toSafeUrl(run.text, { max: 1000 });
  return isBare ? `<${safe}>` : wrapLink(toProse(run), run.url, 1000);
}

/** Escapes all but the web addresses in a text: they become links, in which a backslash would be part of the address. */
function toProse({ text, url }: Run): string {
  if (url !== undefined) return escapeMarkdown(text);
  return text
    .split(/(https?:\/\/[^\s<>]+)/)
    .map((part, index) => (index % 2 === 1 ? toBareLink(part) : escapeMarkdown(part)))
    .join("");
}

function toBareLink(text: string): string {
  const address = text.slice(0, lengthWithout(text, ".,:;!?\"'*_~`|)]"));
  const isPlain = /^[\w:/.?=&#%+@,;~-]+$/.test(address);
  return isPlain ? `<${address}>${escapeMarkdown(text.slice(address.length))}` : escapeMarkdown(text);
}

/** How long a text is without those of `characters` that it ends with: a regular expression would go through each run of them anew. */
function lengthWithout(text: string, characters: string): number {
  let length = text.length;
  while (length > 0 && characters.includes(text.charAt(length - 1))) length -= 1;
  return length;
}

// Nothing escapes a backtick inside of code, so another character stands for it.
function toCode(text: string): string {
  return `\`${text.replaceAll("`", "ˋ")}\``;
}

function toCodeBlock(text: string): string {
  const lines = text.replaceAll("```", `\`${ZERO_WIDTH_SPACE}\`${ZERO_WIDTH_SPACE}\``).replace(/^\n+/, "").trimEnd();
  return `\`\`\`\n${lines}\n\`\`\``;
}
