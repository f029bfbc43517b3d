import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import { toLine } from "../text.ts";
import { escapeText, toHtml } from "./html.ts";
import { renderTelegram } from "./render.ts";

const decode = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

describe("a message in Telegram", () => {
  it("shows the day's latest status above, and a title that is the same once", () => {
    const html = renderTelegram(chat.digest, { ...chat.digest, status: { tone: "good", text: "New release" } });
    expect(html.split("\n").slice(0, 2)).toEqual(["<b>Latest:</b> 🟢 New release", ""]);
  });

  it("is a short page: title, status, facts, lists, footer", () => {
    const base = "https://github.com/octocat/hello-world";
    expect(renderTelegram(chat.digest).split("\n")).toEqual([
      `<b><a href="${base}">octocat/hello-world</a></b>`,
      "🔵 3 new issues",
      "",
      "<b>Stars:</b> 1,234 (+5)",
      "<b>Open issues:</b> 47 (+1)",
      "<b>Release:</b> v1.2.0",
      "",
      "<b>New issues</b>",
      `• <a href="${base}/issues/398">Emoji in labels are cut in half 🙂</a> <i>hubot</i>`,
      `• <a href="${base}/issues/411">Support \`Retry-After\` in &lt;snake_case&gt;</a>`,
      `… and <a href="${base}/issues?q=is%3Aopen&amp;sort=new">37 more</a>`,
      "",
      "<i>GitHub, a minute ago</i>",
    ]);
  });

  it("keeps the form of what somebody wrote, and the author", () => {
    expect(renderTelegram(chat.note)).toContain("🟢 posted · Matt Donahue\n");
    expect(toHtml(chat.note.body).replaceAll("\u00a0", " ").split("\n")).toEqual([
      "<b>What happens next</b>",
      "",
      'Read <b>the </b><b><i>guide</i></b> at <a href="https://example.com/a_%28b%29?c=1&amp;d=2">our *wiki*</a>s',
      "&gt; 2 * 3 * 4, <code>a`b &amp;&amp; c</code><s> soon </s>",
      "",
      "1. Name",
      "   • short",
      "2. Stickers",
      "",
      "<blockquote>Invent it.</blockquote>",
      "",
      "<pre>npm install",
      "npm start</pre>",
      "",
      "───────",
      "",
      "Bye",
    ]);
  });

  it("uses the room there is: 4,096 units of what is read", () => {
    const body = [{ type: "paragraph" as const, children: [{ type: "text" as const, text: "a & b ".repeat(1000) }] }];
    const length = decode(renderTelegram({ ...chat.note, body })).length;
    expect(length).toBeGreaterThan(3000);
    expect(length).toBeLessThanOrEqual(4096);
  });

  it("has no more than the 100 marks that Telegram shows", () => {
    const children = Array.from({ length: 300 }, (_, index) => ({
      type: index % 2 ? ("code" as const) : ("text" as const),
      text: "a ",
    }));
    const html = renderTelegram({ ...chat.note, body: [{ type: "paragraph", children }] });
    expect(html.match(/<[a-z]/g)?.length).toBeLessThanOrEqual(100);
  });
});

describe("markup in a stranger's text", () => {
  it("is shown and does nothing", () => {
    expect(escapeText('<b>&lt;</b> <a href="tg://user?id=1">x</a>')).toBe(
      '&lt;b&gt;&amp;lt;&lt;/b&gt; &lt;a href="tg://user?id=1"&gt;x&lt;/a&gt;',
    );
  });

  it("calls nobody, and leaves mail addresses alone", () => {
    expect(escapeText("@octocat, (@a_b) -@c a@example.com @ 5")).toBe(
      "@\u200boctocat, (@\u200ba_b) -@\u200bc a@example.com @ 5",
    );
  });

  it("links only to the web", () => {
    const link = (url: string) =>
      toHtml([{ type: "paragraph", children: [{ type: "link", url, children: [{ type: "text", text: "x" }] }] }]);
    for (const url of ["tg://user?id=1", "javascript:alert(1)", "mailto:a@example.com"]) expect(link(url)).toBe("x");
    expect(link('https://example.com/"><b>')).toBe('<a href="https://example.com/%22%3E%3Cb%3E">x</a>');
  });

  it("is seen as it was written, for any text", () => {
    fc.assert(
      fc.property(chat.anyText, (text) => {
        expect(escapeText(text)).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(chat.visible(decode(escapeText(toLine(text))))).toBe(chat.visible(toLine(text)));
      }),
    );
  });
});
