import { type Run, toRunLines } from "./runs.ts";
import type { Block, RichText } from "./target.ts";
import { toLines } from "./text.ts";

/** A rich text line by line, as services without nested blocks show it. */
export type Row =
  | {
      readonly type: "text";
      /** A bullet, a number or the blanks below one. */
      readonly lead: string;
      readonly runs: readonly Run[];
      readonly isHeading: boolean;
      readonly isQuoted: boolean;
    }
  | { readonly type: "code"; readonly text: string; readonly isQuoted: boolean }
  | { readonly type: "rule" }
  /** Between two paragraphs. */
  | { readonly type: "gap"; readonly isQuoted: boolean };

interface Place {
  readonly depth: number;
  readonly isQuoted: boolean;
}

/** Deeper lists are not indented further: chat windows are narrow. */
const DEEPEST = 4;
// No-break spaces: services take ordinary ones from the beginning of a line.
const INDENT = "\u00a0\u00a0\u00a0";

export function toRows(blocks: RichText): Row[] {
  return withGaps(blocks, { depth: 0, isQuoted: false });
}

function withGaps(blocks: readonly Block[], place: Place): Row[] {
  const filled = blocks.map((block) => rowsOf(block, place)).filter((rows) => rows.length > 0);
  return filled.flatMap((rows, index) => (index === 0 ? rows : [{ type: "gap", isQuoted: place.isQuoted }, ...rows]));
}

function rowsOf(block: Block, place: Place): Row[] {
  const { isQuoted } = place;
  switch (block.type) {
    case "paragraph":
      return toTextRows(toRunLines(block.children), isQuoted, false);
    case "heading":
      return toTextRows(toRunLines(block.children, { isStrong: true }), isQuoted, true);
    case "list":
      return block.items.flatMap((item, index) => itemRows(item, block.isOrdered ? `${index + 1}. ` : "• ", place));
    case "quote":
      return withGaps(block.children, { ...place, isQuoted: true });
    case "code": {
      const text = toLines(block.text);
      return text.trim() === "" ? [] : [{ type: "code", text, isQuoted }];
    }
    case "rule":
      return [{ type: "rule" }];
  }
}

function toTextRows(lines: readonly (readonly Run[])[], isQuoted: boolean, isHeading: boolean): Row[] {
  const filled = lines.filter((runs) => runs.some(({ text }) => text.trim() !== ""));
  return filled.map((runs) => ({ type: "text", lead: "", runs, isHeading, isQuoted }));
}

function itemRows(item: readonly Block[], mark: string, place: Place): Row[] {
  const rows = item.flatMap((block) => rowsOf(block, { ...place, depth: place.depth + 1 }));
  const indent = INDENT.repeat(Math.min(place.depth, DEEPEST));
  return rows.map((row, index) => {
    // The rows of an inner list have their bullets already.
    if (row.type !== "text" || row.lead !== "") return row;
    return { ...row, lead: indent + (index === 0 ? mark : INDENT) };
  });
}
