import { toSafeUrl } from "./links.ts";
import { type Row, toRows } from "./rows.ts";
import { joinRuns, type Run } from "./runs.ts";
import type { RichText } from "./target.ts";
import { toLine, toLines } from "./text.ts";

/** What a service makes of Markdown, and how a stranger's text is kept from being any. */
export interface MarkdownDialect {
  /** The marks on both sides. */
  readonly strong: string;
  readonly emphasis: string;
  readonly strike: string;
  /** `spans` close with as many backticks as they open with; `simple` code cannot hold any; without it code is text. */
  readonly code: "spans" | "simple" | "none";
  /** Whether escapes are understood between marks; else text that needs them is not marked. */
  readonly marksEscapes: boolean;
  /** Escapes a text on one line. Mentions and what is markup only at the beginning of a line are not its business. */
  escape(text: string): string;
  /** The same in a link's label, where services differ; default `escape`. */
  escapeLabel?(text: string): string;
}

const ZERO_WIDTH_SPACE = "\u200b";
const RULE = "───────";
const MAX_URL = 2000;

/** A text on one line that a service shows as it stands, wherever in a line, and that notifies nobody. */
export function escapeMarkdown(text: string, dialect: MarkdownDialect): string {
  return guardLine(disarm(dialect.escape(toLine(text))));
}

/** The same as a link, unless the address is missing, longer than `max` characters or leads nowhere harmless. */
export function linkMarkdown(
  { text, url, max = MAX_URL }: { readonly text: string; readonly url: string | undefined; readonly max?: number },
  dialect: MarkdownDialect,
): string {
  const href = toHref(url, max);
  return href === undefined ? escapeMarkdown(text, dialect) : toLink(toLine(text), href, dialect);
}

export function strongMarkdown(text: string, dialect: MarkdownDialect): string {
  return mark({ text: toLine(text), isStrong: true, isEmphasis: false, isStrike: false }, dialect);
}

export function emphasisMarkdown(text: string, dialect: MarkdownDialect): string {
  return mark({ text: toLine(text), isStrong: false, isEmphasis: true, isStrike: false }, dialect);
}

/** A rich text with lists as lines, for services that show a line break as one. */
export function toMarkdown(blocks: RichText, dialect: MarkdownDialect): string {
  const rows = toRows(blocks);
  const lines = rows.flatMap((row, index) => [...toSeparator(rows[index - 1], row), ...renderRow(row, dialect)]);
  return lines.join("\n");
}

/** The runs of one line, behind its bullet or number. */
export function toMarkdownLine(lead: string, runs: readonly Run[], dialect: MarkdownDialect): string {
  return guardLine(lead + joinRuns(runs, (run) => renderRun(run, dialect)));
}

// A line that follows a quotation would be taken into it.
function toSeparator(before: Row | undefined, row: Row): string[] {
  return before !== undefined && isQuoted(before) && !isQuoted(row) && row.type !== "gap" ? [""] : [];
}

function isQuoted(row: Row): boolean {
  return row.type !== "rule" && row.isQuoted;
}

function renderRow(row: Row, dialect: MarkdownDialect): string[] {
  const lines = renderLines(row, dialect);
  return isQuoted(row) ? lines.map((line) => `> ${line}`.trimEnd()) : lines;
}

function renderLines(row: Row, dialect: MarkdownDialect): string[] {
  switch (row.type) {
    case "text":
      return [toMarkdownLine(row.lead, row.runs, dialect)];
    case "code":
      return toCodeBlock(row.text, dialect);
    case "rule":
      return [RULE];
    case "gap":
      return [""];
  }
}

function toCodeBlock(text: string, dialect: MarkdownDialect): string[] {
  const lines = disarm(toLines(text)).split("\n");
  if (dialect.code === "none") return lines.map((line) => escapeMarkdown(line, dialect));
  if (dialect.code === "spans") {
    const fence = "`".repeat(Math.max(3, countBackticks(text) + 1));
    return [fence, ...lines, fence];
  }
  return ["```", ...lines.map((line) => line.replaceAll("``", `\`${ZERO_WIDTH_SPACE}\``)), "```"];
}

function renderRun(run: Run, dialect: MarkdownDialect): string {
  const text = run.text.replaceAll(/[\n\t]/g, " ");
  const href = toHref(run.url, MAX_URL);
  if (href !== undefined) return mark({ ...run, text }, dialect, toLink(text, href, dialect));
  if (run.isCode && dialect.code !== "none") return toSpan(text, dialect);
  return mark({ ...run, text }, dialect);
}

type Marked = Pick<Run, "text" | "isStrong" | "isEmphasis" | "isStrike">;

function mark(
  { text, isStrong, isEmphasis, isStrike }: Marked,
  dialect: MarkdownDialect,
  inner = disarm(dialect.escape(text)),
): string {
  if (text === "" || (!dialect.marksEscapes && /[*_~`\\]/.test(text))) return inner;
  const marks = (isStrong ? dialect.strong : "") + (isEmphasis ? dialect.emphasis : "");
  const struck = isStrike ? dialect.strike + inner + dialect.strike : inner;
  const closing = (isEmphasis ? dialect.emphasis : "") + (isStrong ? dialect.strong : "");
  return marks + struck + closing;
}

function toSpan(text: string, dialect: MarkdownDialect): string {
  const code = disarm(text);
  // A modifier letter that looks the same.
  if (dialect.code === "simple") return `\`${code.replaceAll("`", "\u02cb")}\``;
  const fence = "`".repeat(countBackticks(code) + 1);
  return /^`|`$/.test(code) ? `${fence} ${code} ${fence}` : fence + code + fence;
}

function countBackticks(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function toLink(text: string, href: string, dialect: MarkdownDialect): string {
  const toLabel = dialect.escapeLabel ?? dialect.escape;
  return `[${disarm(toLabel(toBalanced(text))) || "link"}](${href})`;
}

// Brackets without a partner end the label in some services, escaped or not.
function toBalanced(text: string): string {
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth += 1;
    if (character === "]") depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? text : text.replaceAll("[", "(").replaceAll("]", ")");
}

// Services look for mentions in addresses too, and take `*` and `$` for markup before they see a link.
function toHref(url: string | undefined, max: number): string | undefined {
  const safe = toSafeUrl(url, { max, allowsMail: true });
  return safe
    ?.replaceAll("*", "%2A")
    .replaceAll("$", "%24")
    .replaceAll(/(?<![A-Za-z0-9])@/g, "%40");
}

/** Services find mentions after they have taken escapes away, so that only a character in between helps. */
function disarm(text: string): string {
  return text.replaceAll(/(?<![A-Za-z0-9])@(?=\S|$)/g, `@${ZERO_WIDTH_SPACE}`);
}

/** Keeps the beginning of a line from being a heading, a quotation, a list, a rule or a command. */
function guardLine(line: string): string {
  const trimmed = line.replace(/^[ \t]+/, "");
  return /^\s*(?:[#>+=-]|\d{1,9}[.)]|\/\w)/.test(trimmed) ? ZERO_WIDTH_SPACE + trimmed : trimmed;
}
