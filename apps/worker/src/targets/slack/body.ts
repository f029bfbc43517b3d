import { type Row, toRows } from "../rows.ts";
import { cut, halveRuns, joinRuns } from "../runs.ts";
import type { RichText } from "../target.ts";
import { renderRun, toCodeBlock } from "./mrkdwn.ts";

/** A divider, or the text of a section block. */
export type Part = { readonly type: "text"; readonly text: string } | { readonly type: "divider" };

/**
 * A rich text as parts of at most `max` UTF-16 units of mrkdwn: split between its blocks, a block that is too long
 * by itself between its lines, a line between its words. Marks never reach over a line, so every part stands alone.
 */
export function toParts(body: RichText, max: number): Part[] {
  const parts: Part[] = [];
  let paragraphs: string[] = [];
  let lines: string[] = [];
  const endParagraph = () => {
    paragraphs.push(...pack(lines, "\n", max));
    lines = [];
  };
  const endPart = () => {
    endParagraph();
    parts.push(...pack(paragraphs, "\n\n", max).map((text): Part => ({ type: "text", text })));
    paragraphs = [];
  };
  for (const row of toRows(body)) {
    if (row.type === "rule") {
      endPart();
      parts.push({ type: "divider" });
    } else if (row.type === "gap" && !row.isQuoted) endParagraph();
    else lines.push(...renderRow(row, max));
  }
  endPart();
  return parts;
}

/** Joins texts as long as they have room. */
function pack(texts: readonly string[], between: string, max: number): string[] {
  const packed: string[] = [];
  for (const text of texts) {
    const joined = `${packed.at(-1)}${between}${text}`;
    if (packed.length > 0 && joined.length <= max) packed.splice(-1, 1, joined);
    else packed.push(text);
  }
  return packed;
}

function renderRow(row: Exclude<Row, { type: "rule" }>, max: number): string[] {
  const rendered = render(row);
  if (rendered.length <= max) return [rendered];
  return halve(row).flatMap((half) => renderRow(half, max));
}

function render(row: Exclude<Row, { type: "rule" }>): string {
  switch (row.type) {
    case "text":
      return (row.isQuoted ? ">" : "") + row.lead + joinRuns(row.runs, renderRun);
    case "code":
      return toCodeBlock(row.text);
    case "gap":
      return ">";
  }
}

function halve(row: Row): Exclude<Row, { type: "rule" }>[] {
  if (row.type === "text") {
    const [head, tail] = halveRuns(row.runs);
    return [
      { ...row, runs: head },
      { ...row, runs: tail, lead: "" },
    ];
  }
  if (row.type !== "code") return [];
  return cut(row.text, Math.ceil(row.text.length / 2)).map((text) => ({ ...row, text }));
}
