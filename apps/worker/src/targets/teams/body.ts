import { escapeMarkdown, linkMarkdown, strongMarkdown, toMarkdownLine } from "../markdown.ts";
import { toItemMarkdown, toMore } from "../markdown-parts.ts";
import { type Row, toRows } from "../rows.ts";
import type { RichText, Section } from "../target.ts";
import { toLine } from "../text.ts";
import { teamsDialect } from "./dialect.ts";
import { type TextBlock, textBlock } from "./elements.ts";

const QUOTED = "│ ";
const MAX_MORE_URL = 400;

/** What somebody wrote, a block for each line: Teams takes a line break within a block for a blank. */
export function toBodyBlocks(body: RichText): TextBlock[] {
  const rows = toRows(body);
  return rows.flatMap((row, index) => toBlocks(row, index > 0 && rows[index - 1]?.type !== "gap"));
}

function toBlocks(row: Row, isClose: boolean): TextBlock[] {
  const look = isClose ? ({ spacing: "None" } as const) : {};
  switch (row.type) {
    case "text": {
      const line = toMarkdownLine(row.lead, row.runs, teamsDialect);
      return [row.isQuoted ? textBlock(QUOTED + line, { ...look, isSubtle: true }) : textBlock(line, look)];
    }
    case "code":
      return row.text.split("\n").map((line, index) => toCodeBlock(line, index > 0 || isClose));
    case "rule":
      return [textBlock("───────", { ...look, isSubtle: true })];
    case "gap":
      return [];
  }
}

// Blanks at its beginning are what code is read by, and Teams takes ordinary ones away.
function toCodeBlock(line: string, isClose: boolean): TextBlock {
  const indent = /^\s*/.exec(line)?.[0].length ?? 0;
  const text = "\u00a0".repeat(indent) + escapeMarkdown(line, teamsDialect) || "\u00a0";
  return textBlock(text, { fontType: "Monospace", ...(isClose && { spacing: "None" }) });
}

/** A list below its title. */
export function toSectionBlocks({ title, items, more }: Section): TextBlock[] {
  const lines = items.map((item) => `• ${toItemMarkdown(item, teamsDialect)}`);
  const rest = more === undefined ? [] : [linkMarkdown({ ...toMore(more), max: MAX_MORE_URL }, teamsDialect)];
  const head = toLine(title) === "" ? [] : [strongMarkdown(title, teamsDialect)];
  const look = { spacing: "Medium", separator: true } as const;
  return [...head, ...lines, ...rest].map((line, index) => textBlock(line, index === 0 ? look : { spacing: "Small" }));
}
