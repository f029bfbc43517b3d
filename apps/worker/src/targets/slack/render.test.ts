import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import type { Message } from "../target.ts";
import { toLine } from "../text.ts";
import { toParts } from "./body.ts";
import { escapeText } from "./mrkdwn.ts";
import { renderSlack } from "./render.ts";

const show = (message: Message) =>
  renderSlack(message).blocks.map((block) => {
    if ("text" in block) return chat.visible(block.text.text);
    if ("fields" in block) return block.fields.map(({ text }) => chat.visible(text));
    return "elements" in block ? block.elements.map(({ text }) => chat.visible(text)) : block.type;
  });
const decode = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

describe("a digest in Slack", () => {
  it("shows the day's latest status above, and a title that is the same once", () => {
    const latest: Message = { ...chat.digest, status: { tone: "good", text: "New release" } };
    const [head, divider] = renderSlack(chat.digest, latest).blocks;
    expect(head).toMatchObject({ text: { text: "*Latest:* 🟢 New release" } });
    expect(divider).toEqual({ type: "divider" });
  });

  it("has its title with a link, its status, facts and lists", () => {
    const base = "https://github.com/octocat/hello-world";
    expect(renderSlack(chat.digest).text).toBe("octocat/hello-world: 3 new issues, 5 more stars");
    expect(show(chat.digest)).toEqual([
      `*<${base}|octocat/hello-world>* 🔵 3 new issues`,
      ["*Stars* 1,234 (+5)", "*Open issues* 47 (+1)", "*Release* v1.2.0"],
      [
        "*New issues*",
        `• <${base}/issues/398|Emoji in labels are cut in half 🙂> _hubot_`,
        `• <${base}/issues/411|Support \`Retry-After\` in &lt;snake_case&gt;>`,
        `… and <${base}/issues?q=is%3Aopen&amp;sort=new|37 more>`,
      ].join(" "),
      ["GitHub, a minute ago"],
    ]);
  });
});

describe("what somebody wrote in Slack", () => {
  it("keeps its form", () => {
    const parts = toParts(chat.note.body, 3000).map((part) => (part.type === "text" ? part.text : part.type));
    expect(
      parts[0]
        ?.replaceAll(/[\u200b\u2060]/g, "")
        .replaceAll("\u00a0", " ")
        .split("\n"),
    ).toEqual([
      "*What happens next*",
      "",
      "Read *the* *_guide_* at <https://example.com/a_%28b%29?c=1&amp;d=2|our *wiki*>s",
      "&gt; 2 * 3 * 4, `aˋb &amp;&amp; c` ~soon~ ",
      "",
      "1. Name",
      "   • short",
      "2. Stickers",
      "",
      ">Invent it.",
      "",
      "```",
      "npm install",
      "npm start",
      "```",
    ]);
    expect(parts.slice(1)).toEqual(["divider", "Bye"]);
  });

  it("is split between blocks, then lines, then words, and nothing is lost", () => {
    const anyBody = fc.array(fc.array(chat.anyText, { maxLength: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(anyBody, fc.integer({ min: 60, max: 500 }), (paragraphs, max) => {
        const body = paragraphs.map((texts) => ({
          type: "paragraph" as const,
          children: texts.map((text) => ({ type: "text" as const, text })),
        }));
        const texts = toParts(body, max).map((part) => (part.type === "text" ? part.text : ""));
        for (const text of texts) expect(text.length).toBeLessThanOrEqual(max);
        const whole = paragraphs.map((each) => each.map(toPlain).join("")).join("");
        expect(toPlain(decode(texts.join("")))).toBe(whole);
      }),
    );
  });

  it("is in as many sections as it takes when it is one endless paragraph", () => {
    const text = "Ein Satz & noch einer. ".repeat(300);
    const { blocks } = renderSlack({ ...chat.note, body: [{ type: "paragraph", children: [{ type: "text", text }] }] });
    expect(blocks.filter((block) => "text" in block).length).toBeGreaterThan(3);
  });
});

describe("markup in a stranger's text", () => {
  it.each([
    "*bold*",
    "_it_",
    "a ~b~ c",
    "`x`",
    "```\nx\n```",
    "**x**",
    "> quote",
    "<!channel>",
    "<@U1>",
    "@here &amp;",
  ])("%s is shown and does nothing", (text) => {
    const escaped = escapeText(text);
    expect(chat.visible(decode(escaped))).toBe(chat.visible(text));
    expect(escaped).not.toMatch(/[<>]|(?<!\u2060)[*~`]|[*~`](?!\u200b)|@here|^&gt;/);
  });

  it("leaves the names of things as they are", () => {
    expect(escapeText("snake_case_name max-age=1 2.0 :tada:")).toBe("snake_case_name max-age=1 2.0 :tada:");
  });

  it("is seen as it was written, for any text", () => {
    fc.assert(
      fc.property(chat.anyText, (text) => {
        const escaped = escapeText(toLine(text));
        expect(escaped).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(chat.visible(decode(escaped))).toBe(chat.visible(toLine(text)));
      }),
    );
  });
});

/** All but blanks. */
function toPlain(text: string): string {
  return toLine(text).replaceAll(/[\s\u200b]/g, "");
}
