import { fit } from "../fit.ts";
import { toSafeUrl } from "../links.ts";
import { takeSections } from "../lists.ts";
import { escapeMarkdown, linkMarkdown, strongMarkdown, toMarkdown } from "../markdown.ts";
import { joinParagraphs, toFactLine, toFooterMarkdown, toSectionMarkdown } from "../markdown-parts.ts";
import type { Author, Message } from "../target.ts";
import { measure, toLine } from "../text.ts";
import { toneColors } from "../tone-colors.ts";
import { rocketChatDialect } from "./dialect.ts";

export interface RocketChatAttachment {
  readonly color: string;
  readonly author_name?: string;
  readonly author_icon?: string;
  readonly text: string;
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
      // An attachment's fields would stand below all of its text.
      toFactLine(message.facts, rocketChatDialect),
      toMarkdown(body, rocketChatDialect),
      ...taken.map((section) => toSectionMarkdown(section, rocketChatDialect)),
      rest ?? "",
      toFooterMarkdown(footer, rocketChatDialect),
    ]),
  };
  const statusLine = escapeMarkdown(status.text, rocketChatDialect);
  return { text: `${toHeadline(title, url)}\n${statusLine}`.trimEnd(), attachments: [attachment] };
}

function toHeadline(title: string, url: string | undefined): string {
  const text = toLine(title) || "(untitled)";
  if (toSafeUrl(url, { max: MAX_URL }) === undefined) return strongMarkdown(text, rocketChatDialect);
  return `*${linkMarkdown({ text, url, max: MAX_URL }, rocketChatDialect)}*`;
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
  const all = [text, attachment.text, attachment.author_name ?? ""];
  return all.reduce((sum, part) => sum + measure(part, "utf16"), 0) <= MAX_TEXT;
}
