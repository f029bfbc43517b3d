import { parseUrl } from "@hookline/runtime";
import { element, type Html, html, link, mention } from "../html.ts";
import type { Dialect, Mark } from "./dialect.ts";
import { decodeEntities, decodeEntity } from "./entities.ts";

interface Token {
  readonly html: Html;
  /** Index after it. */
  readonly end: number;
}

/** Shows text with marks as a service does that speaks `dialect`. */
export function renderInline(text: string, dialect: Dialect): Html {
  const shown: (Html | string)[] = [];
  let index = 0;
  while (index < text.length) {
    const token = readWhole(text, index, dialect) ?? readMarked(text, index, dialect);
    shown.push(token?.html ?? text.slice(index, index + 1));
    index = token?.end ?? index + 1;
  }
  return html`${joinPairs(shown)}`;
}

/** Surrogates were read one by one. */
function joinPairs(shown: readonly (Html | string)[]): (Html | string)[] {
  const joined: (Html | string)[] = [];
  for (const part of shown) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined.splice(-1, 1, last + part);
    else joined.push(part);
  }
  return joined;
}

/** What marks cannot begin or end in: escapes, code, links, mentions, entities. */
function readWhole(text: string, at: number, dialect: Dialect): Token | undefined {
  return (
    readEscape(text, at, dialect) ??
    readCode(text, at, dialect) ??
    readAngle(text, at, dialect) ??
    readLink(text, at, dialect) ??
    readMention(text, at, dialect) ??
    readAutolink(text, at, dialect) ??
    readEntity(text, at, dialect)
  );
}

function readEscape(text: string, at: number, { escapes }: Dialect): Token | undefined {
  const next = text.charAt(at + 1);
  if (text.charAt(at) !== "\\" || next === "" || escapes === undefined || !escapes.test(next)) return undefined;
  return { html: html`${next}`, end: at + 2 };
}

function readCode(text: string, at: number, dialect: Dialect): Token | undefined {
  const [fence = ""] = match(text, at, /`+/y);
  const { code } = dialect;
  const before = text.charAt(at - 1);
  if (code === "never" || fence === "" || before === "`") return undefined;
  if (code === "outsideOfWords" && (WORD.test(before) || isBlank(text.charAt(at + fence.length)))) return undefined;
  const [whole = "", inside = ""] = match(text, at, new RegExp(`${fence}(?!\`)([^]+?)(?<!\`)${fence}(?!\`)`, "y"));
  if (whole === "") return undefined;
  const isPadded = /^ .*[^ ].* $/s.test(inside);
  return { html: element("code", toCode(isPadded ? inside.slice(1, -1) : inside, dialect)), end: at + whole.length };
}

/** What code shows. */
export function toCode(text: string, { entities }: Dialect): string {
  return entities === "everywhere" ? decodeEntities(text) : text;
}

function readAngle(text: string, at: number, { readAngle: read }: Dialect): Token | undefined {
  const [whole = "", inside = ""] = match(text, at, /<([^<>\n]+)>/y);
  const shown = whole === "" ? undefined : read?.(inside);
  return shown && { html: shown, end: at + whole.length };
}

const LABEL = /\[((?:\\.|`[^`]*`|\[[^[\]]*\]|[^[\]\\])*)\]/;
const LOOSE_LABEL = /\[((?:(?!\]\().)*)\]/;
const ADDRESS = /\(\s*(?:<([^<>\n]*)>|((?:\\.|\([^()\s]*\)|[^()\s\\])*))(?:\s+"[^"]*")?\s*\)/;

function readLink(text: string, at: number, dialect: Dialect): Token | undefined {
  if (!dialect.hasLinks || text.charAt(at) !== "[") return undefined;
  const label = dialect.hasLooseLabels ? LOOSE_LABEL : LABEL;
  const [whole = "", words = "", angle, plain] = match(text, at, new RegExp(label.source + ADDRESS.source, "y"));
  if (whole === "") return undefined;
  const marks = dialect.hasPlainLabels ? [] : dialect.marks;
  const inner = renderInline(words, { ...dialect, marks, hasLinks: false, hasAutolinks: false });
  return { html: link(angle ?? plain ?? "", inner), end: at + whole.length };
}

function readMention(text: string, at: number, { mentions }: Dialect): Token | undefined {
  const [whole = ""] = mentions === undefined ? [] : match(text, at, mentions);
  return whole === "" ? undefined : { html: mention(whole), end: at + whole.length };
}

function readAutolink(text: string, at: number, { hasAutolinks, entities }: Dialect): Token | undefined {
  if (!hasAutolinks || /[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return undefined;
  const [found = ""] = match(text, at, /https?:\/\/[^\s<>]+/y);
  const url = found.replace(/[.,:;!?"'*_~`|)\]]+$/, "");
  const address = entities === "never" ? url : decodeEntities(url);
  return parseUrl(address) !== undefined ? { html: link(address, address), end: at + url.length } : undefined;
}

function readEntity(text: string, at: number, { entities }: Dialect): Token | undefined {
  const [whole = ""] = entities === "never" ? [] : match(text, at, /&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});/iy);
  const decoded = decodeEntity(whole);
  return decoded === undefined ? undefined : { html: html`${decoded}`, end: at + whole.length };
}

function readMarked(text: string, at: number, dialect: Dialect): Token | undefined {
  for (const mark of dialect.marks) {
    if (!opens(text, at, mark)) continue;
    const from = at + mark.text.length;
    const close = findClose(text, from, mark, dialect);
    if (close === undefined) continue;
    const inner = renderInline(text.slice(from, close), dialect);
    return { html: element(mark.tag, inner), end: close + mark.text.length };
  }
  return undefined;
}

// A word joiner counts as part of a word: nothing can begin or end beside it.
const WORD = /[\p{L}\p{N}\u2060]/u;

function opens(text: string, at: number, mark: Mark): boolean {
  const next = text.charAt(at + mark.text.length);
  if (!text.startsWith(mark.text, at) || next === "" || isBlank(next)) return false;
  return !mark.isWordBound || !WORD.test(text.charAt(at - 1));
}

function findClose(text: string, from: number, mark: Mark, dialect: Dialect): number | undefined {
  const [character = ""] = mark.text;
  let index = from;
  while (index < text.length) {
    const skipped = readWhole(text, index, dialect);
    if (skipped !== undefined) index = skipped.end;
    else if (text.charAt(index) !== character) index += 1;
    else {
      const end = endOfRun(text, index);
      const length = end - index;
      const close = end - mark.text.length;
      // Of a run of three the outer marks are the last.
      if ((length === mark.text.length || length === 3) && closes(text, index, end, mark) && close > from) return close;
      index = end;
    }
  }
  return undefined;
}

function closes(text: string, start: number, end: number, mark: Mark): boolean {
  const before = text.charAt(start - 1);
  return !isBlank(before) && before !== "\u2060" && (!mark.isWordBound || !WORD.test(text.charAt(end)));
}

function isBlank(character: string): boolean {
  return /[\s\u200b]/.test(character);
}

function endOfRun(text: string, at: number): number {
  let end = at;
  while (text.charAt(end) === text.charAt(at) && end < text.length) end += 1;
  return end;
}

function match(text: string, at: number, pattern: RegExp): readonly string[] {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? [];
}
