import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toRows } from "./rows.ts";
import { cut, halveRuns, joinRuns, toRunLines } from "./runs.ts";
import type { Block, Inline } from "./target.ts";

const text = (value: string): Inline => ({ type: "text", text: value });
const paragraph = (...children: Inline[]): Block => ({ type: "paragraph", children });
const shown = (blocks: Block[]) =>
  toRows(blocks).map((row) => {
    if (row.type === "text") return row.lead.replaceAll("\u00a0", ".") + joinRuns(row.runs, ({ text }) => text);
    return row.type === "code" ? row.text : row.type;
  });

describe("rich text, line by line", () => {
  it("indents lists below their bullets and numbers", () => {
    const inner: Block = {
      type: "list",
      isOrdered: false,
      items: [[paragraph(text("deep"))], [paragraph(text("er"))]],
    };
    const items = [[paragraph(text("one"), { type: "break" }, text("more")), inner], [], [paragraph(text("three"))]];
    expect(shown([{ type: "list", isOrdered: true, items }, paragraph(text("after"))])).toEqual([
      "1. one",
      "...more",
      "...• deep",
      "...• er",
      "3. three",
      "gap",
      "after",
    ]);
  });

  it("leaves out what is empty", () => {
    const empty = [paragraph(), paragraph(text(" \n ")), { type: "code", text: "\n" } as const, paragraph(text("a"))];
    expect(shown(empty)).toEqual(["a"]);
  });

  it("does not indent without end", () => {
    let deep = paragraph(text("deep"));
    for (let depth = 0; depth < 60; depth += 1) deep = { type: "list", isOrdered: false, items: [[deep]] };
    expect(shown([deep])).toEqual([`${".".repeat(12)}• deep`]);
  });
});

describe("runs of a line", () => {
  it("are as long as they look the same", () => {
    const strong: Inline = { type: "strong", children: [text("b"), { type: "strong", children: [text("c")] }] };
    expect(toRunLines([text("a"), strong, text("d\ne")])).toMatchObject([
      [{ text: "a" }, { text: "bc", isStrong: true }, { text: "d" }],
      [{ text: "e", isStrong: false }],
    ]);
  });

  it("have their blanks outside of the marks and something between marks that touch", () => {
    const [line = []] = toRunLines([
      text("a"),
      { type: "strong", children: [text(" b ")] },
      { type: "code", text: "c" },
      text("d"),
    ]);
    expect(joinRuns(line, ({ text, isStrong }) => (isStrong ? `*${text}*` : text))).toBe("a *b* c\u200bd");
  });

  it("lose nothing and no half of a character when they are cut", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 2, maxLength: 100 }),
        fc.integer({ min: 1, max: 80 }),
        (value, at) => {
          const [head, tail] = cut(value, at);
          expect(head + tail).toBe(value);
          expect([head, tail].map((part) => /\p{Cs}/u.test(part))).toEqual([false, false]);
          const [line = []] = toRunLines([
            text(value.replaceAll("\n", " ")),
            { type: "strong", children: [text("end")] },
          ]);
          const joined = halveRuns(line)
            .flat()
            .map((run) => run.text);
          expect(joined.join("")).toBe(line.map((run) => run.text).join(""));
        },
      ),
    );
  });
});
