import { describe, expect, it } from "@jest/globals";
import { linkAddresses } from "./addresses.ts";
import { toRichText } from "./html.ts";

const text = (plain: string) => ({ type: "text", text: plain });
const link = (url: string, words = url) => ({ type: "link", url, children: [text(words)] });

describe("a web address in a text", () => {
  it.each([
    ["https://example.com/a_b", [link("https://example.com/a_b")]],
    ["see https://example.com/a.", [text("see "), link("https://example.com/a"), text(".")]],
    ["(https://example.com/a)", [text("("), link("https://example.com/a"), text(")")]],
    ["https://example.com/a_(b)", [link("https://example.com/a_(b)")]],
    ["HTTP://EXAMPLE.com", [link("http://example.com/", "HTTP://EXAMPLE.com")]],
    [
      "https://a.example, https://b.example",
      [link("https://a.example/", "https://a.example"), text(", "), link("https://b.example/", "https://b.example")],
    ],
    ["xhttps://example.com", [text("xhttps://example.com")]],
    ["https:// javascript:alert(1)", [text("https:// javascript:alert(1)")]],
    ["<https://example.com/a|b>", [text("<"), link("https://example.com/a"), text("|b>")]],
    ["plain", [text("plain")]],
    ["", []],
  ])("%s is a link, without the sentence around it", (plain, inlines) => {
    expect(linkAddresses(plain)).toEqual(inlines);
  });

  it("is found in HTML, but not within a link or code", () => {
    const html =
      'at https://example.com/a <a href="https://b.example/">https://c.example</a> <code>https://d.example</code>';
    expect(toRichText(html)).toEqual([
      {
        type: "paragraph",
        children: [
          text("at "),
          link("https://example.com/a"),
          text(" "),
          link("https://b.example/", "https://c.example"),
          text(" "),
          { type: "code", text: "https://d.example" },
        ],
      },
    ]);
  });

  it("is found in linear time", () => {
    const startedAt = performance.now();
    linkAddresses("https://".repeat(50_000));
    linkAddresses(`https://example.com/${")".repeat(20_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
