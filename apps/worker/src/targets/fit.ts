import { MOST_SECTIONS } from "./lists.ts";
import type { Block, Fact, Inline, Item, Message, RichText, Section } from "./target.ts";
import { measure, shorten } from "./text.ts";

/** How much of a message is told: numbers of things, and code points of each text. */
interface Detail {
  readonly items: number;
  readonly text: number;
  readonly body: number;
}

/** From everything worth reading to a title alone. */
const DETAILS: readonly Detail[] = [
  { items: 10, text: 300, body: 8000 },
  { items: 10, text: 200, body: 3000 },
  { items: 8, text: 140, body: 1500 },
  { items: 5, text: 120, body: 800 },
  { items: 3, text: 100, body: 400 },
  { items: 1, text: 80, body: 200 },
  { items: 0, text: 60, body: 0 },
];

/**
 * Renders as much of a message as the service takes: what comes out is measured, and rendered anew from less when it
 * is too large. Texts are shortened before they are escaped, so no escape, entity or character is ever cut.
 */
export function fit<T>(message: Message, render: (reduced: Message) => T, fits: (rendered: T) => boolean): T {
  let reduced = message;
  for (const detail of DETAILS) {
    // From what is left: a huge text is gone through once.
    reduced = reduce(reduced, detail);
    const rendered = render(reduced);
    if (fits(rendered)) return rendered;
  }
  return render({ ...reduced, facts: [], sections: [] });
}

function reduce(message: Message, { items, text, body }: Detail): Message {
  return {
    ...message,
    title: shorten(message.title, text),
    summary: shorten(message.summary, text),
    author: message.author && { ...message.author, name: shorten(message.author.name, 80) },
    status: { ...message.status, text: shorten(message.status.text, 60) },
    facts: message.facts.slice(0, 6).map((fact) => reduceFact(fact, text)),
    body: shortenRichText(message.body, body),
    sections: reduceSections(message.sections, items, text),
    footer: shorten(message.footer, text),
    thread: message.thread && { ...message.thread, label: shorten(message.thread.label, text) },
  };
}

/** Beside its label there is room for a figure or a few words. */
const LONGEST_FACT = 120;

function reduceFact({ label, value }: Fact, max: number): Fact {
  return { label: shorten(label, 40), value: shorten(value, Math.min(max, LONGEST_FACT)) };
}

/** Those that are not shown are only counted, however much is in them. */
function reduceSections(sections: readonly Section[], most: number, text: number): Section[] {
  return sections.map((section, index) => (index < MOST_SECTIONS ? reduceSection(section, most, text) : section));
}

function reduceSection(section: Section, most: number, text: number): Section {
  const items = section.items.slice(0, most).map((item) => reduceItem(item, text));
  const left = section.items.length - items.length + (section.more?.count ?? 0);
  const more = left === 0 ? undefined : { count: left, url: section.more?.url };
  return { title: shorten(section.title, text), items, more };
}

function reduceItem({ text, url, note }: Item, max: number): Item {
  return { text: shorten(text, max), url, note: note === undefined ? undefined : shorten(note, max) };
}

/** Keeps the first `max` code points of a rich text's plain text, with its structure. */
export function shortenRichText(blocks: RichText, max: number): RichText {
  return takeBlocks(blocks, { left: max });
}

interface Room {
  left: number;
}

function takeBlocks(blocks: readonly Block[], room: Room): Block[] {
  const taken: Block[] = [];
  for (const block of blocks) {
    if (room.left <= 0) break;
    taken.push(takeBlock(block, room));
  }
  return taken;
}

function takeBlock(block: Block, room: Room): Block {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return { ...block, children: takeInlines(block.children, room) };
    case "list": {
      const items = block.items.flatMap((item) => (room.left > 0 ? [takeBlocks(item, room)] : []));
      return { ...block, items };
    }
    case "quote":
      return { ...block, children: takeBlocks(block.children, room) };
    case "code":
      return { ...block, text: takeText(block.text, room) };
    case "rule":
      room.left -= 1;
      return block;
  }
}

function takeInlines(inlines: readonly Inline[], room: Room): Inline[] {
  const taken: Inline[] = [];
  for (const inline of inlines) {
    if (room.left <= 0) break;
    taken.push(takeInline(inline, room));
  }
  return taken;
}

function takeInline(inline: Inline, room: Room): Inline {
  switch (inline.type) {
    case "text":
    case "code":
      return { ...inline, text: takeText(inline.text, room) };
    case "strong":
    case "emphasis":
    case "strike":
      return { ...inline, children: takeInlines(inline.children, room) };
    case "link":
      // What a link leads to takes room too, though it is not shown everywhere.
      room.left -= Math.ceil(measure(inline.url, "codePoints") / 4);
      return { ...inline, children: takeInlines(inline.children, room) };
    case "break":
      room.left -= 1;
      return inline;
  }
}

function takeText(text: string, room: Room): string {
  const taken = shorten(text, Math.max(room.left, 1));
  room.left = taken === text ? room.left - measure(text, "codePoints") : 0;
  return taken;
}
