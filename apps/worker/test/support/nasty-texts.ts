import type { Item, Message, Section } from "../../src/messages/message.ts";
import type { Block, Inline, RichText } from "../../src/messages/rich-text.ts";
import { controls, long, lookalikes, unicode } from "./nasty-characters.ts";
import { html, markdown, mentions } from "./nasty-markup.ts";

/** What strangers may write into a title or a name; each once, and not cleaned. */
export const nastyTexts: readonly string[] = [
  ...new Set([...mentions, ...html, ...markdown, ...unicode, ...controls, ...lookalikes, ...long]),
];

/**
 * For every nasty text a message that holds it wherever a text may stand, and some huge ones. Real messages are
 * cleaned before: a renderer may not rely on it.
 */
export function nastyMessages(): Message[] {
  return [...nastyTexts.map((text) => toNastyMessage(text)), ...hugeMessages()];
}

/** More than anybody sends, and nothing of it was shortened: hundreds of lists, each with hundreds of long items. */
export function oversizedMessage(): Message {
  const text = "👩‍👩‍👧‍👦 é *_`[<&@everyone lorem ipsum ".repeat(200).slice(0, 5000);
  const many = <T>(thing: T): T[] => Array.from({ length: 300 }, () => thing);
  return {
    ...toNastyMessage(text),
    facts: many({ label: text, value: text }),
    body: many(richTextOf(text)).flat(),
    sections: many({ title: text, items: many(itemOf(text)), more: undefined }),
  };
}

const URL_WITH_EVERYTHING = "https://example.com/a_(b)*c*/?q=1&r=<2>|3&s='%22`#d[e]";

function toNastyMessage(text: string): Message {
  return {
    title: text,
    url: "https://github.com/octocat/hello-world",
    summary: text,
    author: { name: text, avatarUrl: "https://example.com/avatar.png?s=1&t=2" },
    status: { tone: "news", text },
    facts: [
      { label: "Stars", value: text },
      { label: text, value: "1,234" },
      { label: text, value: text },
    ],
    body: richTextOf(text),
    sections: [
      { title: text, items: [itemOf(text), { text, url: undefined, note: undefined }], more: undefined },
      { title: "Newest issues", items: [itemOf(text)], more: { count: 37, url: URL_WITH_EVERYTHING } },
    ],
    footer: text,
    at: "2026-11-21T12:00:00.000Z",
    thread: { key: "octocat/hello-world", label: text, url: "https://github.com/octocat/hello-world" },
  };
}

function itemOf(text: string): Item {
  return { text, url: URL_WITH_EVERYTHING, note: text };
}

/** The text in every block and inline there is. */
function richTextOf(text: string): RichText {
  const plain: Inline = { type: "text", text };
  const inlines: readonly Inline[] = [
    plain,
    {
      type: "strong",
      children: [plain, { type: "emphasis", children: [plain, { type: "strike", children: [plain] }] }],
    },
    { type: "code", text },
    { type: "break" },
    { type: "link", url: URL_WITH_EVERYTHING, children: [plain] },
    plain,
  ];
  const paragraph: Block = { type: "paragraph", children: inlines };
  const inner: Block = { type: "list", isOrdered: true, items: [[paragraph], [{ type: "code", text }]] };
  return [
    { type: "heading", children: inlines },
    paragraph,
    { type: "list", isOrdered: false, items: [[paragraph, inner], [paragraph], []] },
    { type: "quote", children: [paragraph, { type: "quote", children: [paragraph] }, inner] },
    { type: "code", text },
    { type: "rule" },
    { type: "paragraph", children: [] },
  ];
}

function hugeMessages(): Message[] {
  const everything = nastyTexts.join(" ");
  const sections: readonly Section[] = ["What changed", "Newest issues", "Contributors"].map((title) => ({
    title,
    items: nastyTexts.map((text) => itemOf(text)),
    more: { count: 1_234_567, url: URL_WITH_EVERYTHING },
  }));
  const huge: Message = {
    ...toNastyMessage(everything),
    facts: nastyTexts.map((text) => ({ label: text, value: text })),
    body: nastyTexts.flatMap((text) => richTextOf(text)),
    sections,
  };
  const manySections = Array.from({ length: 300 }, (_, index) => ({
    title: `Section ${index}`,
    items: [itemOf(`Item ${index} & more`)],
    more: undefined,
  }));
  const short = toNastyMessage("a < b & c");
  return [
    huge,
    { ...huge, facts: [], body: [], sections: manySections },
    { ...huge, title: "Short", summary: "Short", sections: [] },
    { ...short, body: [{ type: "quote", children: [nested(60, "list")] }, nested(60, "quote")] },
    { ...short, url: undefined, author: undefined, facts: [], body: [], sections: [], thread: undefined },
  ];
}

function nested(depth: number, type: "list" | "quote"): Block {
  const inside: Block =
    depth === 0 ? { type: "paragraph", children: [{ type: "text", text: "deep" }] } : nested(depth - 1, type);
  return type === "list" ? { type, isOrdered: false, items: [[inside]] } : { type, children: [inside] };
}
