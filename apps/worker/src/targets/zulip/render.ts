import { fit } from "../fit.ts";
import { takeSections } from "../lists.ts";
import { escapeMarkdown, linkMarkdown, toMarkdown } from "../markdown.ts";
import { joinParagraphs, toFactLine, toFooterMarkdown, toSectionMarkdown } from "../markdown-parts.ts";
import type { Message } from "../target.ts";
import { measure, toLine } from "../text.ts";
import { toStatusLine } from "../tone.ts";
import { zulipDialect } from "./dialect.ts";

// zulip.com/api/send-message: longer content is cut without a word.
const MAX_CONTENT = 10_000;
const MAX_URL = 1000;

/** A message as Zulip's Markdown. */
export function renderZulip(message: Message): string {
  return fit(message, render, (content) => measure(content, "codePoints") <= MAX_CONTENT);
}

function render(message: Message): string {
  const { taken, rest } = takeSections(message.sections);
  return joinParagraphs([
    toHead(message),
    toFactLine(message.facts, zulipDialect),
    toMarkdown(message.body, zulipDialect),
    ...taken.map((section) => toSectionMarkdown(section, zulipDialect)),
    rest ?? "",
    toFooterMarkdown(message.footer, zulipDialect),
  ]);
}

function toHead({ title, url, status, author }: Message): string {
  const headline = linkMarkdown({ text: toLine(title) || "(untitled)", url, max: MAX_URL }, zulipDialect);
  const by = toLine(author?.name ?? "");
  const line = escapeMarkdown(toStatusLine(status), zulipDialect);
  return `**${headline}**\n${line}${by === "" ? "" : ` · ${escapeMarkdown(by, zulipDialect)}`}`;
}
