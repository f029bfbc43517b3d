import { expect, test } from "@jest/globals";
import { parseHtml } from "./html.ts";

test("supported tags become entities in UTF-16 units", () => {
  expect(parseHtml('😀<b>a<i>b</i></b> <a href="https://x.org/?a=1&amp;b=2">l</a>')).toEqual({
    text: "😀ab l",
    entities: [
      { type: "italic", offset: 3, length: 1 },
      { type: "bold", offset: 2, length: 2 },
      { type: "text_link", offset: 5, length: 1, url: "https://x.org/?a=1&b=2" },
    ],
  });
});

test.each([
  "<strong>a</strong><em>a</em><u>a</u><ins>a</ins><s>a</s><strike>a</strike><del>a</del>",
  '<code>a</code><pre><code class="language-ts">a</code></pre>',
  '<span class="tg-spoiler">a</span><tg-spoiler>a</tg-spoiler>',
  "<blockquote>a</blockquote><blockquote expandable>a</blockquote>",
  "<B>a</b>",
])("%s is taken", (html) => {
  expect(parseHtml(html).entities.length).toBeGreaterThan(0);
});

test("four names and all numbers are entities; what is none stays", () => {
  expect(parseHtml("&lt;&gt;&amp;&quot;&#65;&#x42; &nbsp; a & b > c").text).toBe('<>&"AB &nbsp; a & b > c');
});

test.each([
  ["<p>a</p>", 'Unsupported start tag "p" at byte offset 0'],
  ["é<br>", 'Unsupported start tag "br" at byte offset 2'],
  ["1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'],
  ["a <3", "Unclosed start tag at byte offset 2"],
  ["<b>a", 'Can\'t find end tag corresponding to start tag "b"'],
  ["<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
  ["a</b>", "Unexpected end tag at byte offset 1"],
  ["<b>a</b", "Unclosed end tag at byte offset 4"],
  ["<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ['<a href="x>a</a>', "Expected equal sign"],
  ["<a =x>a</a>", "Empty attribute name"],
])("%s is refused: %s", (html, message) => {
  expect(() => parseHtml(html)).toThrow(message);
});
