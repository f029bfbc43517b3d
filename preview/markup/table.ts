import { type Html, html } from "../html.ts";

const DIVIDER = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/** A table as GitHub Flavored Markdown writes it: a head, a line of dashes, rows. */
export function readTable(
  lines: readonly string[],
  render: (cell: string) => Html,
): { html: Html; count: number } | undefined {
  const [head = "", divider = ""] = lines;
  if (!head.includes("|") || !divider.includes("|") || !DIVIDER.test(divider)) return undefined;
  const end = lines.findIndex((line, index) => index > 1 && !line.includes("|"));
  const count = end < 0 ? lines.length : end;
  const rows = lines.slice(2, count).map((line) => toCells(line).map((cell) => html`<td>${render(cell)}</td>`));
  const headCells = toCells(head).map((cell) => html`<th>${render(cell)}</th>`);
  const body = rows.map((cells) => html`<tr>${cells}</tr>`);
  return { html: html`<table><thead><tr>${headCells}</tr></thead><tbody>${body}</tbody></table>`, count };
}

function toCells(line: string): string[] {
  const inside = line.trim().replace(/^\||(?<!\\)\|$/g, "");
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
