import { fit } from "../fit.ts";
import { toSafeUrl } from "../links.ts";
import { takeSections } from "../lists.ts";
import { escapeMarkdown, strongMarkdown, toMarkdown } from "../markdown.ts";
import { joinParagraphs, toFactLine, toSectionMarkdown } from "../markdown-parts.ts";
import type { Author, Message } from "../target.ts";
import { measure, toLine } from "../text.ts";
import { toneColors } from "../tone-colors.ts";
import { mattermostDialect } from "./dialect.ts";

export interface MattermostAttachment {
  /** What notifications say. */
  readonly fallback: string;
  readonly color: string;
  readonly author_name?: string;
  readonly author_icon?: string;
  readonly title: string;
  readonly title_link?: string;
  readonly text: string;
  readonly footer: string;
}

export interface MattermostPayload {
  readonly attachments: readonly [MattermostAttachment];
}

// developers.mattermost.com, "Incoming webhooks", in code points: kept for all texts together.
const MAX_TEXT = 16_383;
const MAX_URL = 2000;

/** A message as one Slack-like attachment. */
export function renderMattermost(message: Message): MattermostPayload {
  return fit(message, (reduced) => ({ attachments: [render(reduced)] }), fits);
}

function render(message: Message): MattermostAttachment {
  const { title, url, summary, status, body, footer } = message;
  const link = toSafeUrl(url, { max: MAX_URL });
  const { taken, rest } = takeSections(message.sections);
  return {
    fallback: escapeMarkdown(summary || title, mattermostDialect),
    color: toneColors[status.tone],
    ...toAuthor(message.author),
    // A title that is a link is shown as it stands, any other as Markdown.
    title: (link === undefined ? escapeMarkdown(title, mattermostDialect) : disarm(title)) || "(untitled)",
    ...(link !== undefined && { title_link: link }),
    text: joinParagraphs([
      strongMarkdown(status.text, mattermostDialect),
      // An attachment's fields would stand below all of its text.
      toFactLine(message.facts, mattermostDialect),
      toMarkdown(body, mattermostDialect),
      ...taken.map((section) => toSectionMarkdown(section, mattermostDialect)),
      rest ?? "",
    ]),
    footer: disarm(footer),
  };
}

function toAuthor(author: Author | undefined): { author_name?: string; author_icon?: string } {
  if (author === undefined || toLine(author.name) === "") return {};
  const icon = toSafeUrl(author.avatarUrl, { max: MAX_URL });
  return { author_name: disarm(author.name), ...(icon !== undefined && { author_icon: icon }) };
}

/** A plain text in which nobody is mentioned; `<` is set apart for the server rewrites Slack's links and mentions. */
function disarm(text: string): string {
  return toLine(text)
    .replaceAll(/(?<![A-Za-z0-9])@(?=\S|$)/g, "@\u200b")
    .replaceAll(/<(?=\S)/g, "<\u200b");
}

function fits({ attachments: [attachment] }: MattermostPayload): boolean {
  const { fallback, title, text, footer, author_name = "" } = attachment;
  const all = [fallback, title, text, footer, author_name];
  return all.reduce((sum, part) => sum + measure(part, "codePoints"), 0) <= MAX_TEXT;
}
