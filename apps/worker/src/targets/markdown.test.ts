import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import * as chat from "../../test/support/chat.ts";
import { nastyTexts } from "../../test/support/nasty-texts.ts";
import { escapeMarkdown, linkMarkdown, type MarkdownDialect, toMarkdown } from "./markdown.ts";
import { mattermostDialect } from "./mattermost/dialect.ts";
import { rocketChatDialect } from "./rocketchat/dialect.ts";
import { teamsDialect } from "./teams/dialect.ts";
import { toLine } from "./text.ts";
import { zulipDialect } from "./zulip/dialect.ts";

const unescapeBackslashes = (text: string) => text.replaceAll(/\\([^A-Za-z0-9\s\u200b])/g, "$1");
const withoutBackslashes = (text: string) => text.replaceAll(/\\[^A-Za-z0-9\s\u200b]/g, ",");
const unescapeEntities = (text: string) =>
  text.replaceAll(/&(?:lt|amp|#(\d+));/g, (entity, code) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    return entity === "&lt;" ? "<" : "&";
  });

const EDGE = "(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])";

/** How each service reads escapes, and what must not be left outside of them. */
const services: readonly {
  name: string;
  dialect: MarkdownDialect;
  decode: (text: string) => string;
  blank: (text: string) => string;
  live: RegExp;
}[] = [
  {
    name: "Mattermost",
    dialect: mattermostDialect,
    decode: (text) => unescapeEntities(unescapeBackslashes(text)),
    blank: (text) => withoutBackslashes(text),
    live: new RegExp(`[*~\`|<[\\]]|${EDGE}`),
  },
  {
    name: "Zulip",
    dialect: zulipDialect,
    decode: unescapeEntities,
    blank: (text) => text,
    live: /[*~`|<[\]$]/,
  },
  {
    name: "Rocket.Chat",
    dialect: rocketChatDialect,
    decode: unescapeBackslashes,
    blank: withoutBackslashes,
    live: new RegExp(`[*~\`]|${EDGE}|\\]\\(|<(?=[^\\s\u200b])|\\|\\|`),
  },
  {
    name: "Teams",
    dialect: teamsDialect,
    decode: unescapeBackslashes,
    blank: withoutBackslashes,
    live: new RegExp(`[*[\\]]|${EDGE}|<(?=[^\\s\u200b])|&#?\\w+;|\\{\\{`),
  },
];

const LINE_BEGINNING = /^\s*(?:[#>+=-]|\d+[.)]|\/\w)/;
const MENTION = /(?<![A-Za-z0-9])@(?=[^\s\u200b])/;

describe.each(services)("a stranger's text in $name", ({ dialect, decode, blank, live }) => {
  const check = (text: string) => {
    const escaped = escapeMarkdown(text, dialect);
    expect(blank(escaped)).not.toMatch(live);
    expect(escaped).not.toMatch(LINE_BEGINNING);
    expect(escaped).not.toMatch(MENTION);
    expect(chat.visible(decode(escaped))).toBe(chat.visible(toLine(text)));
  };

  it("is no markup, and is seen as it was written", () => {
    for (const text of nastyTexts) check(text);
  });

  it("is so for any text", () => {
    fc.assert(fc.property(chat.anyText, check), { numRuns: 300 });
  });

  it("cannot leave the label or the address of a link", () => {
    const property = fc.property(chat.anyText, fc.oneof(chat.anyText, fc.webUrl()), (text, path) => {
      const link = linkMarkdown({ text, url: `https://example.com/${path}` }, dialect);
      const [, label = "", href = ""] = /^\[(.+)\]\(([^()\s]+)\)$/u.exec(link) ?? [];
      expect(href).toMatch(/^https:\/\/example\.com\/[^\s"'<>|\\^`{}()[\]*$]*$/);
      expect(href).not.toMatch(MENTION);
      expect(label.replaceAll(/\\./gu, "")).not.toContain("](");
      expect(label).not.toMatch(MENTION);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("loses addresses that lead nowhere harmless, and not its words", () => {
    for (const url of ["javascript:alert(1)", "tg://user?id=1", "//x", "", undefined]) {
      expect(linkMarkdown({ text: "words", url }, dialect)).toBe("words");
    }
    expect(linkMarkdown({ text: "", url: "https://example.com" }, dialect)).toBe("[link](https://example.com/)");
  });
});

describe("what somebody wrote, as Markdown", () => {
  const lines = (dialect: MarkdownDialect) =>
    toMarkdown(chat.note.body, dialect).replaceAll("\u200b", "").replaceAll("\u00a0", " ").split("\n");
  const rest = ["", "1. Name", "   • short", "2. Stickers", "", "> Invent it.", "", "```", "npm install", "npm start"];

  it("keeps its form in Mattermost", () => {
    expect(lines(mattermostDialect)).toEqual([
      "**What happens next**",
      "",
      "Read **the** **_guide_** at [our \\*wiki\\*](https://example.com/a_%28b%29?c=1&d=2)s",
      "> 2 \\* 3 \\* 4, ``a`b && c`` ~~soon~~ ",
      ...rest,
      ...["```", "", "───────", "", "Bye"],
    ]);
  });

  it("keeps its form in Rocket.Chat", () => {
    expect(lines(rocketChatDialect).slice(0, 4)).toEqual([
      "*What happens next*",
      "",
      "Read *the* *_guide_* at [our ∗wiki∗](https://example.com/a_%28b%29?c=1&d=2)s",
      "> 2 \\* 3 \\* 4, `aˋb && c` ~soon~ ",
    ]);
  });

  it("keeps its form in Zulip", () => {
    expect(lines(zulipDialect).slice(2, 4)).toEqual([
      "Read **the** ***guide*** at [our &#42;wiki&#42;](https://example.com/a_%28b%29?c=1&d=2)s",
      "> 2 &#42; 3 &#42; 4, ``a`b && c`` ~~soon~~ ",
    ]);
  });

  it("makes no mention where a text and a mark meet", () => {
    const meeting = toMarkdown(
      [
        {
          type: "paragraph",
          children: [
            { type: "text", text: "@" },
            { type: "strong", children: [{ type: "text", text: "all" }] },
          ],
        },
      ],
      zulipDialect,
    );
    expect(meeting).not.toContain("@**");
    expect(chat.visible(meeting)).toBe("@**all**");
  });

  it("ends a quotation before the next line", () => {
    const text = (words: string) => ({ type: "paragraph", children: [{ type: "text", text: words }] }) as const;
    const items = [[{ type: "quote", children: [text("quoted")] } as const], [text("not quoted")]];
    const markdown = toMarkdown([{ type: "list", isOrdered: false, items }], mattermostDialect);
    expect(markdown.split("\n").map((line) => line.startsWith(">"))).toEqual([true, false, false]);
  });

  it("closes code with a fence that the code does not have", () => {
    const block = toMarkdown([{ type: "code", text: "````\n@all\n```" }], mattermostDialect).split("\n");
    expect(block).toEqual(["`````", "````", "@\u200ball", "```", "`````"]);
    const simple = toMarkdown([{ type: "code", text: "```" }], rocketChatDialect).split("\n");
    expect(simple.filter((line) => line.startsWith("```"))).toHaveLength(2);
  });
});
