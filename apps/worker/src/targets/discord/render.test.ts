import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../../test/support/chat.ts";
import { toLine } from "../text.ts";
import { escapeMarkdown, toMarkdown } from "./markdown.ts";
import { renderDiscord } from "./render.ts";

const decode = (text: string) => text.replaceAll(/\\([^A-Za-z0-9\s])/g, "$1");
const markdownOf = (text: string) => toMarkdown([{ type: "paragraph", children: [{ type: "text", text }] }]);

describe("a digest in Discord", () => {
  it("is one embed in the colour of its status", () => {
    const base = "https://github.com/octocat/hello-world";
    expect(renderDiscord(chat.digest)).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: "octocat/hello-world",
          url: base,
          description: "**3 new issues**",
          color: 0x1f75cb,
          fields: [
            { name: "Stars", value: "1,234 (+5)", inline: true },
            { name: "Open issues", value: "47 (+1)", inline: true },
            { name: "Release", value: "v1.2.0", inline: true },
            {
              name: "New issues",
              value: [
                `• [Emoji in labels are cut in half 🙂](${base}/issues/398) · hubot`,
                `• [Support \\\`Retry-After\\\` in \\<snake\\_case>](${base}/issues/411)`,
                `… and [37 more](${base}/issues?q=is%3Aopen&sort=new)`,
              ].join("\n"),
              inline: false,
            },
          ],
          footer: { text: "GitHub, a minute ago" },
        },
      ],
    });
  });

  it("shows the day's latest status above, and a title that is the same once", () => {
    const latest = { ...chat.digest, status: { tone: "good", text: "New release" } } as const;
    const [embed] = renderDiscord(chat.digest, latest).embeds;
    expect(embed.description).toBe("**Latest:** New release\n\n**3 new issues**");
  });

  it("shows as many items as have room and says how many more there are", () => {
    const items = Array.from({ length: 10 }, (_, index) => ({
      text: `An issue with a title of usual length, number ${index}`,
      url: `https://github.com/octocat/hello-world/issues/${index}?${"q".repeat(80)}`,
      note: "hubot",
    }));
    const [embed] = renderDiscord({
      ...chat.digest,
      sections: [{ title: "New", items, more: { count: 30, url: undefined } }],
    }).embeds;
    const lines = embed.fields.at(-1)?.value.split("\n") ?? [];
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.at(-1)).toBe(`… and ${40 - (lines.length - 1)} more`);
  });
});

describe("what somebody wrote in Discord", () => {
  it("keeps its form and its author", () => {
    const [embed] = renderDiscord(chat.note).embeds;
    expect(embed.author).toEqual({ name: "Matt Donahue", icon_url: "https://example.com/avatar.png" });
    expect(embed.description.replaceAll("\u200b", "").replaceAll("\u00a0", " ").split("\n")).toEqual([
      "**posted**",
      "",
      "**What happens next**",
      "",
      "Read **the** ***guide*** at [our \\*wiki\\*](https://example.com/a_%28b%29?c=1&d=2)s",
      "\\> 2 \\* 3 \\* 4, `aˋb && c` ~~soon~~ ",
      "",
      "1\\. Name",
      "   • short",
      "2\\. Stickers",
      "",
      "> Invent it.",
      "",
      "```",
      "npm install",
      "npm start",
      "```",
      "",
      "───────",
      "",
      "Bye",
    ]);
  });

  it("links plain addresses, in which nothing is escaped", () => {
    expect(markdownOf("see https://example.com/a_b*c, ok")).toBe("see https\\://example.com/a\\_b\\*c, ok");
    expect(markdownOf("see https://example.com/a_b_c.")).toBe("see <https://example.com/a_b_c>\\.");
    const linkOf = (url: string, text: string) =>
      toMarkdown([{ type: "paragraph", children: [{ type: "link", url, children: [{ type: "text", text }] }] }]);
    expect(linkOf("https://example.com/", "https://example.com")).toBe("<https://example.com/>");
    expect(linkOf("https://example.com/", "https://other.example")).toBe(
      "[https\\://other.example](https://example.com/)",
    );
  });
});

describe("markup in a stranger's text", () => {
  it.each([
    ["[x](javascript:alert)", "\\[x\\](javascript:alert)"],
    ["[x](https://evil.example)", "\\[x\\](https\\://evil.example)"],
    ["# Heading", "\\# Heading"],
    ["-# small", "\\-# small"],
    ["1. list", "1\\. list"],
    ["> quote", "\\> quote"],
    ["||spoiler||", "\\|\\|spoiler\\|\\|"],
    ["<@123> <#1> <t:1> <:a:1>", "\\<@123> \\<#1> \\<t:1> \\<:a:1>"],
    ["\\*not escaped\\*", "\\\\\\*not escaped\\\\\\*"],
    ["@everyone", "@\u200beveryone"],
  ])("%s is shown and does nothing", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it("is seen as it was written, for any text", () => {
    fc.assert(
      fc.property(chat.anyText, (text) => {
        const escaped = escapeMarkdown(toLine(text));
        expect(escaped.replaceAll(/\\[^A-Za-z0-9\s]/g, "x")).not.toMatch(/[*_~`|<[\]]|^[#>-]/);
        expect(chat.visible(decode(escaped))).toBe(chat.visible(toLine(text)));
      }),
    );
  });
});
