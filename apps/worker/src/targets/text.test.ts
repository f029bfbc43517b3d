import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { nastyTexts } from "../../test/support/nasty-texts.ts";
import { measure, shorten, toBoundary, type Unit } from "./text.ts";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const units: readonly Unit[] = ["codePoints", "utf16", "bytes"];

/** The definition: characters, as readers see them, from the beginning, as long as they and an ellipsis have room. */
function shortenSlowly(text: string, max: number, unit: Unit): string {
  if (measure(text, unit) <= max) return text;
  let kept = "";
  for (const { segment } of segmenter.segment(text)) {
    if (measure(`${kept}${segment}…`, unit) > max) break;
    kept += segment;
  }
  return max < measure("…", unit) ? "" : `${kept.trimEnd()}…`;
}

/** Text in which neighbours often are one character. */
const joining = fc
  .array(
    fc.constantFrom(
      ..."a é\r\n",
      "\u0301",
      "\u200d",
      "👩",
      "🏽",
      "🇩",
      "🇪",
      "\ud83d",
      "\ude00",
      "각",
      "ᄀ",
      "ᅡ",
      "क",
      "्",
      "ا",
    ),
  )
  .map((parts) => parts.join(""));
const anyText = fc.oneof(joining, fc.string({ unit: "binary" }), fc.constantFrom(...nastyTexts));

describe("a text that is too long", () => {
  it("keeps the characters that have room beside an ellipsis", () => {
    expect(shorten("Hello, world", 8)).toBe("Hello,…");
    expect(shorten("a👩‍👩‍👧‍👦b", 7)).toBe("a…");
    expect(shorten("a👩‍👩‍👧‍👦b", 12, "utf16")).toBe("a…");
    expect(shorten("éé", 4, "bytes")).toBe("éé");
    expect(shorten("ééé", 5, "bytes")).toBe("é…");
    expect(["ab", "a"].map((text) => shorten(text, 1))).toEqual(["…", "a"]);
    expect(shorten("ab", 0)).toBe("");
  });

  it("is cut where all of it, gone through character by character, would be", () => {
    const property = fc.property(anyText, fc.nat(60), fc.constantFrom(...units), (text, max, unit) => {
      expect(shorten(text, max, unit)).toBe(shortenSlowly(text, max, unit));
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("costs what is kept of it, not what it is", () => {
    const texts = ["x", "🙂", "\u0301", "a\n"].map((part) => part.repeat(1_000_000));
    const before = performance.now();
    for (const text of texts) for (let time = 0; time < 100; time += 1) shorten(text, 300);
    // One of them, segmented once, takes longer.
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe("where a text can be cut", () => {
  it("is the end of a character, at or before the place asked for", () => {
    const property = fc.property(anyText, fc.nat(60), (text, index) => {
      const ends = [...segmenter.segment(text)].map((segment) => segment.index).concat(text.length);
      expect(toBoundary(text, index)).toBe(ends.findLast((end) => end <= index));
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
