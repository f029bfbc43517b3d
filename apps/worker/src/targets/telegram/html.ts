import { toSafeUrl } from "../links.ts";
import { type Row, toRows } from "../rows.ts";
import type { Run } from "../runs.ts";
import type { RichText } from "../target.ts";
import { toLine, toLines } from "../text.ts";

const ZERO_WIDTH_SPACE = "\u200b";
// Telegram takes @name for a user wherever it does not stand inside of a word, as it does in a mail address.
const MENTIONS = /(?<![A-Za-z0-9_])@(?=\w)/g;
const MAX_URL = 1000;

/** A stranger's text in HTML: `@name` stays readable and calls nobody. */
export function escapeText(text: string): string {
  return escapeEntities(toLines(text).replaceAll(MENTIONS, `@${ZERO_WIDTH_SPACE}`));
}

function escapeEntities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A text on one line, linked where its URL is harmless and not too long. */
export function toLink(text: string, url: string | undefined): string {
  return wrapLink(escapeText(toLine(text)) || "(untitled)", url);
}

function wrapLink(label: string, url: string | undefined): string {
  const safe = toSafeUrl(url, { max: MAX_URL });
  return safe === undefined ? label : `<a href="${escapeEntities(safe)}">${label}</a>`;
}

/** A rich text as Telegram's HTML, without nesting that its parser would refuse: quotations hold no quotations. */
export function toHtml(body: RichText): string {
  let html = "";
  let wasQuoted = false;
  for (const [index, row] of toRows(body).entries()) {
    const isQuoted = row.type !== "rule" && row.isQuoted;
    if (wasQuoted && !isQuoted) html += "</blockquote>";
    html += index === 0 ? "" : "\n";
    if (!wasQuoted && isQuoted) html += "<blockquote>";
    html += renderRow(row);
    wasQuoted = isQuoted;
  }
  return wasQuoted ? `${html}</blockquote>` : html;
}

function renderRow(row: Row): string {
  switch (row.type) {
    case "text":
      return row.lead + row.runs.map(renderRun).join("");
    case "code":
      return `<pre>${escapeEntities(row.text.replace(/^\n+/, "").trimEnd())}</pre>`;
    case "gap":
      return "";
    case "rule":
      return "───────";
  }
}

// Code can neither hold other marks nor stand in them.
function renderRun(run: Run): string {
  if (run.text.trim() === "") return run.text;
  if (run.isCode && run.url === undefined) return `<code>${escapeEntities(run.text)}</code>`;
  let html = wrapLink(escapeText(run.text), run.url);
  if (run.isStrike) html = `<s>${html}</s>`;
  if (run.isEmphasis) html = `<i>${html}</i>`;
  return run.isStrong ? `<b>${html}</b>` : html;
}
