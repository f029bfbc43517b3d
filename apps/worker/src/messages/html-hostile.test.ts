import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { expectClean } from "../../test/support/clean.ts";
import { nastyTexts } from "../../test/support/nasty-texts.ts";
import { toRichText } from "./html.ts";

const MEGABYTE = 1_000_000;
const fill = (piece: string, before = "") => before + piece.repeat(MEGABYTE / piece.length);

describe("a megabyte of hostile HTML", () => {
  it.each([
    ["nested elements", fill("<div>")],
    ["nested quotes", fill("<blockquote>x")],
    ["nested lists", fill("<ul><li>x")],
    ["nested marks", fill("<b><i>x")],
    ["ends of what never began", fill("</x>", "<div>".repeat(1900))],
    ["elements that are opened and closed", fill("<i>x</i>")],
    ["line breaks", fill("x<br>")],
    ["cells of one row", fill("<td>x", "<table><tr>")],
    ["attributes", fill("a=1 ", "<a ")],
    ["an endless attribute", fill("x", '<a href="')],
    ["comments", fill("<!--")],
    ["scripts", fill("<script>")],
    ["entities", fill("&amp;")],
    ["brackets", fill("<")],
    ["blanks", fill(" ", "x")],
    ["one word", fill("x")],
  ])("of %s is read in a moment, and what comes out is small", (_, html) => {
    const startedAt = performance.now();
    const richText = toRichText(html);
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(JSON.stringify(richText).length).toBeLessThan(300_000);
    expect(JSON.stringify(richText.at(-1))).toContain("…");
  });
});

it("nests no deeper than a renderer can follow", () => {
  const depthOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
  const html = "<blockquote><ul><li><b><i><del><a href='https://example.com/'>".repeat(200);
  expect(depthOf(toRichText(`${html}deep`))).toBeLessThan(60);
});

it("keeps text that stands deeper than that", () => {
  expect(JSON.stringify(toRichText(`${"<blockquote>".repeat(100)}deep`))).toContain("deep");
});

describe("whatever strangers write", () => {
  const pieces = fc.oneof(
    fc.constantFrom(...nastyTexts.filter(({ length }) => length < 500)),
    fc.constantFrom(
      "<ul>",
      "<li>",
      "</li>",
      "</ul>",
      "<b>",
      "</b>",
      "<pre>",
      "</pre>",
      "<br>",
      "<blockquote>",
      "<h1>",
      "</h1>",
    ),
    fc.constantFrom(
      "<bc-attachment filename='\u202ex' href=",
      "<img alt='\u0007' src='https://e.example/\u202e'>",
      "<a href='",
    ),
    fc.string({ unit: "binary" }),
  );

  it.each(nastyTexts.map((text) => [text.slice(0, 40), text]))("%j comes out clean", (_, text) => {
    expectClean(toRichText(text));
  });

  it("comes out clean in any mixture, and never throws", () => {
    fc.assert(fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => expectClean(toRichText(parts.join("")))));
  });
});
