import { fit } from "../fit.ts";
import { toSafeUrl } from "../links.ts";
import { takeSections } from "../lists.ts";
import { escapeMarkdown, linkMarkdown, strongMarkdown, toMarkdown } from "../markdown.ts";
import { joinParagraphs, toFooterMarkdown, toSectionMarkdown } from "../markdown-parts.ts";
import type { Author, Fact, Message } from "../target.ts";
import { measure, toLine } from "../text.ts";
import { toneColors } from "../tone-colors.ts";
import { rocketChatDialect } from "./dialect.ts";

interface Field {
  readonly title: string;
  readonly value: string;
  readonly short: true;
}

export interface RocketChatAttachment {
  readonly color: string;
  readonly author_name?: string;
  readonly author_icon?: string;
  readonly text: string;
  readonly fields: readonly Field[];
}

export interface RocketChatPayload {
  readonly text: string;
  readonly attachments: readonly [RocketChatAttachment];
}

// The default of Message_MaxAllowedSize, in UTF-16 units; kept for the text and what is attached together.
const MAX_TEXT = 5_000;
const MAX_URL = 1000;

/** A message as a headline and an attachment below it. */
export function renderRocketChat(message: Message): RocketChatPayload {
  return fit(message, render, fits);
}

function render(message: Message): RocketChatPayload {
  const { title, url, status, body, footer } = message;
  const { taken, rest } = takeSections(message.sections);
  const attachment: RocketChatAttachment = {
    color: toneColors[status.tone],
    ...toAuthor(message.author),
    text: joinParagraphs([
      toMarkdown(body, rocketChatDialect),
      ...taken.map((section) => toSectionMarkdown(section, rocketChatDialect)),
      rest ?? "",
      toFooterMarkdown(footer, rocketChatDialect),
    ]),
    fields: message.facts.filter(({ value }) => toLine(value) !== "").map(toField),
  };
  const statusLine = escapeMarkdown(status.text, rocketChatDialect);
  return { text: `${toHeadline(title, url)}\n${statusLine}`.trimEnd(), attachments: [attachment] };
}

function toHeadline(title: string, url: string | undefined): string {
  const text = toLine(title) || "(untitled)";
  if (toSafeUrl(url, { max: MAX_URL }) === undefined) return strongMarkdown(text, rocketChatDialect);
  return `*${linkMarkdown({ text, url, max: MAX_URL }, rocketChatDialect)}*`;
}

function toField({ label, value }: Fact): Field {
  return { title: disarm(label), value: escapeMarkdown(value, rocketChatDialect), short: true };
}

function toAuthor(author: Author | undefined): { author_name?: string; author_icon?: string } {
  if (author === undefined || toLine(author.name) === "") return {};
  const icon = toSafeUrl(author.avatarUrl, { max: MAX_URL });
  return { author_name: disarm(author.name), ...(icon !== undefined && { author_icon: icon }) };
}

/** A plain text in which nobody is mentioned. */
function disarm(text: string): string {
  return toLine(text).replaceAll(/(?<![A-Za-z0-9])@(?=\S|$)/g, "@\u200b");
}

function fits({ text, attachments: [attachment] }: RocketChatPayload): boolean {
  const { author_name = "", fields } = attachment;
  const all = [text, attachment.text, author_name, ...fields.flatMap((field) => [field.title, field.value])];
  return all.reduce((sum, part) => sum + measure(part, "utf16"), 0) <= MAX_TEXT;
}
