import { fit } from "../fit.ts";
import { escapeHtml, linkHtml, toHtmlLines } from "../html-lines.ts";
import { toSafeUrl } from "../links.ts";
import { takeSections } from "../lists.ts";
import { toMore } from "../markdown-parts.ts";
import type { Author, Fact, Item, Message, Section } from "../target.ts";
import { measure, toLine } from "../text.ts";
import { toStatusLine } from "../tone.ts";
import type { CardSection, GoogleChatContent, Icon, Widget } from "./widgets.ts";

// developers.google.com/workspace/chat, "Create a message": 32,000 bytes, of which the thread's key takes some.
const MAX_BYTES = 27_000;
const MAX_URL = 1500;
// Tags that every client of Google Chat shows (developers.google.com/workspace/chat/format-messages, "cards").
const TAGS = { strong: "b", emphasis: "i", strike: "s" };

/** A message as a card: text beside it would say everything twice. */
export function renderGoogleChat(message: Message): GoogleChatContent {
  return fit(message, render, (content) => measure(JSON.stringify(content), "bytes") <= MAX_BYTES);
}

function render(message: Message): GoogleChatContent {
  const { taken, rest } = takeSections(message.sections);
  const sections: CardSection[] = [
    { widgets: [toHead(message), ...toFacts(message.facts), ...paragraph(toHtmlLines(message.body, TAGS))] },
    ...taken.flatMap(toCardSection),
    ...closing([...(rest === undefined ? [] : [rest]), toLine(message.footer)]),
  ];
  return {
    fallbackText: setApart(message.summary || message.title) || "(untitled)",
    cardsV2: [{ cardId: "hookline", card: { sections } }],
  };
}

function toHead({ title, url, status, author }: Message): Widget {
  const name = setApart(author?.name ?? "");
  const startIcon = toIcon(author);
  return {
    decoratedText: {
      topLabel: setApart(toStatusLine(status)),
      text: `<b>${linkHtml(toLine(title) || "(untitled)", url)}</b>`,
      ...(name !== "" && { bottomLabel: name }),
      wrapText: true,
      ...(startIcon !== undefined && { startIcon }),
    },
  };
}

function toIcon(author: Author | undefined): Icon | undefined {
  const iconUrl = toSafeUrl(author?.avatarUrl, { max: MAX_URL });
  return iconUrl === undefined ? undefined : { iconUrl, imageType: "CIRCLE" };
}

function toFacts(facts: readonly Fact[]): Widget[] {
  const told = facts.filter(({ value }) => toLine(value) !== "");
  return paragraph(told.map(({ label, value }) => `<b>${line(label)}</b> ${line(value)}`).join("<br>"));
}

function toCardSection({ title, items, more }: Section): CardSection[] {
  const rest = more === undefined ? [] : [toLink({ ...toMore(more), note: undefined })];
  const widgets = paragraph([...items.map((item) => `• ${toLink(item)}`), ...rest].join("<br>"));
  return widgets.length === 0 ? [] : [{ header: line(title), widgets }];
}

function toLink({ text, url, note }: Item): string {
  const quiet = line(note ?? "");
  return linkHtml(toLine(text), url) + (quiet === "" ? "" : ` <font color="#80868b">${quiet}</font>`);
}

function closing(lines: readonly string[]): CardSection[] {
  const told = lines.filter((text) => text !== "").map(escapeHtml);
  return told.length === 0 ? [] : [{ widgets: paragraph(`<font color="#80868b">${told.join("<br>")}</font>`) }];
}

function paragraph(text: string): Widget[] {
  return text.trim() === "" ? [] : [{ textParagraph: { text } }];
}

function line(text: string): string {
  return escapeHtml(toLine(text));
}

/** For what is shown as plain text: tags, entities and `<users/all>` are set apart. */
function setApart(text: string): string {
  return toLine(text).replaceAll(/<(?=\S)|&(?=#?\w+;)/g, "$&\u200b");
}
