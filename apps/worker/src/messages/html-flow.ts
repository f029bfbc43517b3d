import { toLines } from "../targets/text.ts";
import { createContainers, type End } from "./html-containers.ts";
import { type Mark, type Run, toParagraphs } from "./html-inlines.ts";
import type { RichText } from "./rich-text.ts";

/** Takes the pieces of a page as they come and makes blocks of them. What is begun is ended in the reverse order. */
export interface Flow {
  text(text: string): void;
  lineBreak(): void;
  /** Text until its end is marked; a mark within one of its own type changes nothing. */
  mark(mark: Mark): End;
  /** Text before, within and after stands in different paragraphs. */
  paragraph(): End;
  heading(): End;
  quote(): End;
  list(isOrdered: boolean): End;
  item(): End;
  /** Text of one row is told apart from the cell before. */
  cell(): void;
  code(text: string): void;
  rule(): void;
  finish(): RichText;
}

export function createFlow(): Flow {
  const containers = createContainers();
  const { takeRuns, ...inline } = createRuns();
  let headings = 0;

  const flush = () => {
    const type = headings > 0 ? "heading" : "paragraph";
    for (const children of toParagraphs(takeRuns())) containers.add({ type, children });
  };

  const block = (begin: () => End): End => {
    flush();
    const end = begin();
    return () => {
      flush();
      end();
    };
  };

  const beginHeading = () => {
    headings += 1;
    return () => {
      headings -= 1;
    };
  };

  return {
    ...inline,
    paragraph: () => block(() => () => {}),
    heading: () => block(beginHeading),
    quote: () => block(containers.quote),
    list: (isOrdered) => block(() => containers.list(isOrdered)),
    item: () => block(containers.item),
    code(text) {
      flush();
      const code = toLines(text).replace(/^\n/, "").trimEnd();
      if (code !== "") containers.add({ type: "code", text: code });
    },
    rule() {
      flush();
      containers.add({ type: "rule" });
    },
    finish() {
      flush();
      return containers.toRichText();
    },
  };
}

/** The text of a paragraph to be, with its marks. */
function createRuns() {
  let runs: Run[] = [];
  let marks: readonly Mark[] = [];
  return {
    takeRuns() {
      const taken = runs;
      runs = [];
      return taken;
    },
    text(text: string) {
      const last = runs.at(-1);
      // Text comes in pieces that may end within a character.
      if (last?.text !== undefined && last.marks === marks) last.text += text;
      else runs.push({ text, marks });
    },
    lineBreak() {
      runs.push({ text: undefined, marks });
    },
    cell() {
      if (runs.some(({ text = "" }) => text.trim() !== "")) runs.push({ text: " · ", marks: [] });
    },
    mark(mark: Mark): End {
      const outer = marks;
      if (outer.some(({ type }) => type === mark.type)) return () => {};
      marks = [...outer, mark];
      return () => {
        marks = outer;
      };
    },
  };
}
