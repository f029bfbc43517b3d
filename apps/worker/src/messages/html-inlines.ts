import { toLines } from "../targets/text.ts";
import { linkAddresses } from "./addresses.ts";
import type { Inline } from "./rich-text.ts";

/** An element that marks the text within it: one object for each element, so that neighbours are told apart. */
export type Mark =
  | { readonly type: "strong" | "emphasis" | "strike" | "code" }
  | { readonly type: "link"; readonly url: string };

/** Text as it stood between two tags, or a line break. */
export interface Run {
  text: string | undefined;
  readonly marks: readonly Mark[];
}

/** A piece of text without blanks around it, and how many line breaks or whether a blank comes before it. */
interface Word {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly gap: Gap;
}

interface Gap {
  readonly hasBlank: boolean;
  readonly breaks: number;
}

const NO_GAP: Gap = { hasBlank: false, breaks: 0 };

/**
 * Makes paragraphs of runs: blanks collapse as in a browser, an empty line begins a new paragraph, and blanks at the
 * edges of marked text go outside of it, where every markup allows them.
 */
export function toParagraphs(runs: readonly Run[]): Inline[][] {
  return splitAtEmptyLines(toWords(runs)).map((words) => toInlines(words.flatMap(toLeaves), 0));
}

function toWords(runs: readonly Run[]): Word[] {
  const words: Word[] = [];
  let gap = NO_GAP;
  for (const { text, marks } of runs) {
    if (text === undefined) {
      gap = { ...gap, breaks: gap.breaks + 1 };
      continue;
    }
    // A form feed is a blank in HTML; as a control character it would vanish.
    const collapsed = toLines(text.replaceAll("\f", " ")).replaceAll(/[ \t\n\u00a0]+/g, " ");
    const core = collapsed.trim();
    if (collapsed.startsWith(" ")) gap = { ...gap, hasBlank: true };
    if (core === "") continue;
    words.push({ text: core, marks, gap });
    gap = { hasBlank: collapsed.endsWith(" "), breaks: 0 };
  }
  return words;
}

function splitAtEmptyLines(words: readonly Word[]): Word[][] {
  const paragraphs: Word[][] = [];
  for (const word of words) {
    const current = paragraphs.at(-1);
    if (current === undefined || word.gap.breaks > 1) paragraphs.push([{ ...word, gap: NO_GAP }]);
    else current.push(word);
  }
  return paragraphs;
}

/** A word with the blank or break before it, which belongs to the marks that it shares with the word before. */
function toLeaves(word: Word, index: number, words: readonly Word[]): Run[] {
  const { text, marks, gap } = word;
  const before = words[index - 1];
  if (before === undefined || (gap.breaks === 0 && !gap.hasBlank)) return [{ text, marks }];
  const shared = marks.filter((mark, depth) => before.marks[depth] === mark);
  return [
    { text: gap.breaks > 0 ? undefined : " ", marks: shared },
    { text, marks },
  ];
}

function toInlines(leaves: readonly Run[], depth: number): Inline[] {
  const inlines: Inline[] = [];
  for (const { mark, group } of groupByMark(leaves, depth)) {
    if (mark === undefined) inlines.push(...toPlain(group));
    else if (mark.type === "code") inlines.push({ type: "code", text: toText(group) });
    else if (mark.type === "link") inlines.push({ type: "link", url: mark.url, children: toInlines(group, depth + 1) });
    else inlines.push({ type: mark.type, children: toInlines(group, depth + 1) });
  }
  return inlines;
}

function groupByMark(leaves: readonly Run[], depth: number): { mark: Mark | undefined; group: Run[] }[] {
  const groups: { mark: Mark | undefined; group: Run[] }[] = [];
  for (const leaf of leaves) {
    const mark = leaf.marks[depth];
    const last = groups.at(-1);
    if (last !== undefined && last.mark === mark) last.group.push(leaf);
    else groups.push({ mark, group: [leaf] });
  }
  return groups;
}

/** Neighbouring texts become one. All leaves have the same marks. */
function toPlain(leaves: readonly Run[]): Inline[] {
  const isLinked = leaves[0]?.marks.some(({ type }) => type === "link") ?? false;
  const inlines: Inline[] = [];
  let text = "";
  for (const leaf of [...leaves, undefined]) {
    if (leaf?.text !== undefined) text += leaf.text;
    else {
      if (text !== "") inlines.push(...(isLinked ? [{ type: "text", text } as const] : linkAddresses(text)));
      if (leaf !== undefined) inlines.push({ type: "break" });
      text = "";
    }
  }
  return inlines;
}

function toText(leaves: readonly Run[]): string {
  return leaves.map(({ text }) => text ?? " ").join("");
}
