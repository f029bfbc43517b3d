/** What a service counts: code points (Unicode characters), UTF-16 units (JavaScript's length), or bytes of UTF-8. */
export type Unit = "codePoints" | "utf16" | "bytes";

const ELLIPSIS = "…";
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

export function measure(text: string, unit: Unit): number {
  switch (unit) {
    case "codePoints":
      return countCodePoints(text);
    case "utf16":
      return text.length;
    case "bytes":
      return Buffer.byteLength(text);
  }
}

/**
 * Shortens a plain text to `max` units, the ellipsis included, and never inside of what a reader sees as one
 * character. For texts that are not escaped yet: a cut must not fall into an escape. Takes as long as what is kept.
 */
export function shorten(text: string, max: number, unit: Unit = "codePoints"): string {
  if (toEnd(text, max, unit) === text.length) return text;
  const room = max - measure(ELLIPSIS, unit);
  if (room < 0) return "";
  return text.slice(0, toBoundary(text, toEnd(text, room, unit))).trimEnd() + ELLIPSIS;
}

/** The last index, `index` at most, at which a text can be cut between what readers see as characters. */
export function toBoundary(text: string, index: number): number {
  if (index >= text.length) return text.length;
  if (isPlain(text, index - 1) && isPlain(text, index)) return index;
  // What comes behind the next code point decides nothing, and segmenting copies what it is given.
  return segmenter.segment(text.slice(0, index + 2)).containing(index)?.index ?? index;
}

/** Whether a UTF-16 unit joins no neighbour of its sort: nothing below the first combining mark does but CR and LF. */
function isPlain(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code < 0x300 && code !== 0x0a && code !== 0x0d;
}

/** How many UTF-16 units from the beginning have room in `max` units; a pair of them may be cut where those are counted. */
function toEnd(text: string, max: number, unit: Unit): number {
  if (isShort(text, max, unit)) return text.length;
  if (unit === "utf16") return max;
  let end = 0;
  let room = max;
  for (const character of text) {
    room -= measure(character, unit);
    if (room < 0) break;
    end += character.length;
  }
  return end;
}

/** Whether so few UTF-16 units cannot be too many of any kind: one is at most one code point, and at most three bytes. */
function isShort(text: string, max: number, unit: Unit): boolean {
  return (unit === "bytes" ? text.length * 3 : text.length) <= max;
}

/**
 * A stranger's text on one line: line breaks and other control characters become blanks, characters that reorder
 * what stands around them go (they could make one text look like another), broken surrogates are replaced.
 */
export function toLine(text: string): string {
  return toHarmless(text)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/ {2,}/g, " ")
    .trim();
}

/** The same for a text of several lines: its line breaks stay. */
export function toLines(text: string): string {
  return toHarmless(text)
    .replaceAll(/\r\n?|\u2028|\u2029/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "");
}

/** Bidirectional controls (Unicode Standard Annex 9) and invisible characters that are no part of an emoji or a script. */
const REORDERING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[\u{e0000}-\u{e001f}]/gu;

function toHarmless(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, "\ufffd").replaceAll(REORDERING, "");
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
