import { toSafeUrl } from "../links.ts";
import type { Run } from "../runs.ts";
import { toLine, toLines } from "../text.ts";

const WORD_JOINER = "\u2060";
const ZERO_WIDTH_SPACE = "\u200b";

/** Names that Slack links where a request or a setting asks it to link names. */
const BROADCASTS = /@(?=channel|here|everyone|group)/gi;
// An underscore inside of a word does not format, and names in code are full of them.
const MARKS = /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/**
 * Slack has escapes for `& < >` only. A mark formats where it stands at the edge of a word, so a word joiner before
 * it and a zero-width space behind it take that away without being seen.
 */
export function escapeText(text: string): string {
  const quiet = toLines(text)
    .replaceAll(BROADCASTS, `@${ZERO_WIDTH_SPACE}`)
    .replaceAll(MARKS, (mark) => WORD_JOINER + mark + ZERO_WIDTH_SPACE);
  // An escaped `>` would still make its line a quotation.
  return escapeEntities(quiet.replace(/^(\s*)>/, `$1${ZERO_WIDTH_SPACE}>`));
}

function escapeEntities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A text on one line, linked where its URL is harmless and not too long. */
export function toLink(text: string, url: string | undefined, max = 1000): string {
  const label = escapeText(toLine(text)) || "(untitled)";
  return wrapLink(label, url, max);
}

function wrapLink(label: string, url: string | undefined, max: number): string {
  const safe = toSafeUrl(url, { max, allowsMail: true });
  return safe === undefined ? label : `<${escapeEntities(safe)}|${label}>`;
}

export function renderRun(run: Run): string {
  const isCode = run.isCode && run.url === undefined;
  let rendered = isCode ? toCode(run.text) : wrapLink(escapeText(run.text), run.url, 1000);
  if (run.isStrike) rendered = `~${rendered}~`;
  if (run.isEmphasis) rendered = `_${rendered}_`;
  return run.isStrong ? `*${rendered}*` : rendered;
}

// Nothing escapes a backtick inside of code, so another character stands for it.
function toCode(text: string): string {
  return `\`${escapeEntities(text.replaceAll("`", "ˋ"))}\``;
}

export function toCodeBlock(text: string): string {
  const fenced = escapeEntities(text.replaceAll("```", "`\u200b`\u200b`").replace(/^\n+/, "").trimEnd());
  return `\`\`\`\n${fenced}\n\`\`\``;
}
