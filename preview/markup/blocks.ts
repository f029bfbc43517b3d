import { element, type Html, html } from "../html.ts";
import type { Dialect } from "./dialect.ts";
import { renderInline, toCode } from "./inline.ts";
import { readTable } from "./table.ts";

interface Read {
  readonly html: Html;
  /** Lines read. */
  readonly count: number;
}

type Reader = (lines: readonly string[], dialect: Dialect) => Read | undefined;

const FENCE = /^\s*(`{3,})/;
const HEADING = /^#{1,6}\s+(?=\S)/;
const QUOTE = /^\s{0,3}> ?/;
const RULE = /^\s{0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+/;

const readers: readonly Reader[] = [readFence, readHeading, readQuote, readRule, readTableBlock, readList];

/** Shows Markdown of several lines as a service does that speaks `dialect`. */
export function renderBlocks(text: string, dialect: Dialect): Html {
  let lines: readonly string[] = text.split("\n");
  const shown: Html[] = [];
  while (lines.length > 0) {
    const block = readBlock(lines, dialect) ?? readParagraph(lines, dialect);
    shown.push(block.html);
    lines = lines.slice(Math.max(block.count, 1));
  }
  return html`${shown}`;
}

function readBlock(lines: readonly string[], dialect: Dialect): Read | undefined {
  for (const read of readers) {
    const block = read(lines, dialect);
    if (block !== undefined) return block;
  }
  return undefined;
}

function readFence(lines: readonly string[], dialect: Dialect): Read | undefined {
  const [, fence] = FENCE.exec(lines[0] ?? "") ?? [];
  if (fence === undefined || dialect.code === "never") return undefined;
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === fence);
  const count = end < 0 ? lines.length : end + 1;
  const inside = lines.slice(1, end < 0 ? lines.length : end);
  return { html: element("pre", toCode(inside.join("\n"), dialect)), count };
}

function readHeading([line = ""]: readonly string[], dialect: Dialect): Read | undefined {
  const [marks = ""] = HEADING.exec(line) ?? [];
  if (!dialect.blocks.headings || marks === "") return undefined;
  const words = renderInline(line.slice(marks.length).replace(/\s+#+\s*$/, ""), dialect);
  const level = marks.trim().length;
  return { html: element(level === 1 ? "h3" : level === 2 ? "h4" : "h5", words), count: 1 };
}

function readQuote(lines: readonly string[], dialect: Dialect): Read | undefined {
  const end = lines.findIndex((line) => !QUOTE.test(line));
  const count = end < 0 ? lines.length : end;
  if (!dialect.blocks.quotes || count === 0) return undefined;
  const inside = lines.slice(0, count).map((line) => line.replace(QUOTE, ""));
  return { html: element("blockquote", renderBlocks(inside.join("\n"), dialect)), count };
}

function readRule([line = ""]: readonly string[], { blocks }: Dialect): Read | undefined {
  return blocks.rules && RULE.test(line) ? { html: html`<hr>`, count: 1 } : undefined;
}

function readTableBlock(lines: readonly string[], dialect: Dialect): Read | undefined {
  return dialect.blocks.tables ? readTable(lines, (cell) => renderInline(cell, dialect)) : undefined;
}

function readList(lines: readonly string[], dialect: Dialect): Read | undefined {
  const [, indent = "", mark = ""] = ITEM.exec(lines[0] ?? "") ?? [];
  if (!dialect.blocks.lists || mark === "") return undefined;
  const isOrdered = /\d/.test(mark);
  const items: string[][] = [];
  let count = 0;
  for (const line of lines) {
    const [whole = "", own = "", kind = ""] = ITEM.exec(line) ?? [];
    const isItem = kind !== "" && own.length <= indent.length && /\d/.test(kind) === isOrdered;
    if (isItem) items.push([line.slice(whole.length)]);
    else if (/^\s{2,}\S/.test(line) && leading(line) > indent.length) items.at(-1)?.push(line.slice(indent.length + 2));
    else break;
    count += 1;
  }
  const shown = items.map((item) => html`<li>${renderBlocks(item.join("\n"), dialect)}</li>`);
  const list = isOrdered ? html`<ol start="${Number.parseInt(mark, 10)}">${shown}</ol>` : html`<ul>${shown}</ul>`;
  return { html: list, count };
}

function leading(line: string): number {
  return line.length - line.trimStart().length;
}

function readParagraph(lines: readonly string[], dialect: Dialect): Read {
  const end = lines.findIndex(
    (line, index) => line.trim() === "" || (index > 0 && readBlock(lines.slice(index), dialect) !== undefined),
  );
  const count = end < 0 ? lines.length : end;
  if (count === 0) return { html: html`<div class="gap"></div>`, count: 1 };
  const words = renderInline(lines.slice(0, count).join("\n"), dialect);
  // The style sheet keeps the line breaks of the one and not of the other.
  const name = dialect.blocks.breaks ? "lines" : "paragraph";
  return { html: html`<div class="${name}">${words}</div>`, count };
}
