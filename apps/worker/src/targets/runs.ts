import type { Inline } from "./target.ts";
import { toBoundary, toLines } from "./text.ts";

/** A stretch of a line that looks the same throughout: inlines without their nesting, which most services limit. */
export interface Run {
  readonly text: string;
  readonly isStrong: boolean;
  readonly isEmphasis: boolean;
  readonly isStrike: boolean;
  readonly isCode: boolean;
  readonly url: string | undefined;
}

const PLAIN: Run = { text: "", isStrong: false, isEmphasis: false, isStrike: false, isCode: false, url: undefined };
const ZERO_WIDTH_SPACE = "\u200b";

/** The lines of a paragraph; neighbours that look the same are one run. */
export function toRunLines(inlines: readonly Inline[], style: Partial<Run> = {}): Run[][] {
  const lines: Run[][] = [];
  let line: Run[] = [];
  for (const run of flatten(inlines, { ...PLAIN, ...style })) {
    for (const [index, text] of run.text.split("\n").entries()) {
      if (index > 0) {
        lines.push(line);
        line = [];
      }
      append(line, { ...run, text });
    }
  }
  return [...lines, line];
}

function* flatten(inlines: readonly Inline[], style: Run): Generator<Run> {
  for (const inline of inlines) {
    switch (inline.type) {
      case "text":
        yield { ...style, text: toLines(inline.text) };
        break;
      case "code":
        yield { ...style, isCode: true, text: toLines(inline.text) };
        break;
      case "strong":
        yield* flatten(inline.children, { ...style, isStrong: true });
        break;
      case "emphasis":
        yield* flatten(inline.children, { ...style, isEmphasis: true });
        break;
      case "strike":
        yield* flatten(inline.children, { ...style, isStrike: true });
        break;
      case "link":
        yield* flatten(inline.children, { ...style, url: inline.url });
        break;
      case "break":
        yield { ...style, text: "\n" };
    }
  }
}

function append(line: Run[], run: Run): void {
  if (run.text === "") return;
  const last = line.at(-1);
  if (last !== undefined && looksSame(last, run)) line.splice(-1, 1, { ...run, text: last.text + run.text });
  else line.push(run);
}

function looksSame(one: Run, other: Run): boolean {
  return (
    one.isStrong === other.isStrong &&
    one.isEmphasis === other.isEmphasis &&
    one.isStrike === other.isStrike &&
    one.isCode === other.isCode &&
    one.url === other.url
  );
}

/**
 * Puts rendered runs in a row for markup that is recognised by its neighbours: blanks stand outside of the marks,
 * and marks that would touch something else than a blank are kept apart by a zero-width space.
 */
export function joinRuns(line: readonly Run[], render: (run: Run) => string): string {
  let joined = "";
  for (const run of line) {
    const core = run.text.trim();
    const [before = "", after = ""] = core === "" ? [run.text] : run.text.split(core, 2);
    const rendered = core === "" ? "" : render({ ...run, text: core });
    const touches = rendered !== "" && before === "" && /\S/.test(joined.slice(-1));
    joined += before + (touches ? ZERO_WIDTH_SPACE : "") + rendered + after;
  }
  return joined;
}

/** Cuts a line of runs in two of about the same length, between what readers see as characters. */
export function halveRuns(line: readonly Run[]): [Run[], Run[]] {
  let room = Math.ceil(line.reduce((sum, { text }) => sum + text.length, 0) / 2);
  const head: Run[] = [];
  const tail: Run[] = [];
  for (const run of line) {
    const [before, after] = room > 0 ? cut(run.text, room) : ["", run.text];
    room -= run.text.length;
    append(head, { ...run, text: before });
    append(tail, { ...run, text: after });
  }
  return [head, tail];
}

/** Cuts a text of more than one character in two near an index, in UTF-16 units: after a blank when one is near. */
export function cut(text: string, index: number): [string, string] {
  if (text.length <= index) return [text, ""];
  const blank = text.lastIndexOf(text.includes("\n") ? "\n" : " ", index);
  const at = blank > index / 2 ? blank + 1 : toInnerBoundary(text, index);
  return [text.slice(0, at), text.slice(at)];
}

function toInnerBoundary(text: string, index: number): number {
  const start = toBoundary(text, index);
  // One character with thousands of accents has no other boundary than its code points.
  if (start > 0) return start;
  const isInsidePair = /^[\udc00-\udfff]/.test(text.slice(index));
  return isInsidePair ? index + 1 : Math.max(index, 1);
}
