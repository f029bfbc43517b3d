import { fit } from "../fit.ts";
import { toSafeUrl } from "../links.ts";
import { fitLines, takeSections } from "../lists.ts";
import type { Author, Item, Message, Section } from "../target.ts";
import { shorten, toLine } from "../text.ts";
import { toneColors } from "../tone-colors.ts";
import { escapeMarkdown, toLink, toMarkdown } from "./markdown.ts";

interface Field {
  readonly name: string;
  readonly value: string;
  readonly inline: boolean;
}

export interface Embed {
  readonly author?: { readonly name: string; readonly icon_url?: string };
  readonly title: string;
  readonly url?: string;
  readonly description: string;
  readonly color: number;
  readonly fields: readonly Field[];
  readonly footer?: { readonly text: string };
}

export interface DiscordContent {
  readonly embeds: readonly [Embed];
  /** Nobody is told, whatever the texts say; left out, everybody would be. */
  readonly allowed_mentions: { readonly parse: readonly [] };
}

// discord.com/developers/docs, "Embed limits". Counted here in UTF-16 units, which are never fewer than characters.
const limits = { title: 256, description: 4096, fieldName: 256, fieldValue: 1024, footer: 2048, total: 6000 };
// So short that one linked item of a list always has room.
const item = { text: 150, note: 60, url: 400, moreUrl: 200 };
/**
 * Bytes of the embed as JSON. Discord repeats it before the ids that a thread needs, and only the first 16 KiB of an
 * answer are read.
 */
const MAX_ECHO_BYTES = 12_000;
/** A message as an embed. `latest`, when it is another message, stands above: the newest of the thread. */
export function renderDiscord(message: Message, latest: Message = message): DiscordContent {
  const embed = fit(message, (reduced) => render(reduced, latest === message ? undefined : latest), fits);
  return { embeds: [embed], allowed_mentions: { parse: [] } };
}

/** What a forum's post is called: plain text of 1 to 100 characters, at its end the day, which tells posts apart. */
export function toThreadName(title: string, day?: string): string {
  const ending = day === undefined ? "" : ` ${day}`;
  return (shorten(toLine(title), 100 - ending.length, "utf16") || "(untitled)") + ending;
}

function render(message: Message, latest: Message | undefined): Embed {
  const { title, url, status, body } = message;
  const paragraphs = [latest && toLatestLine(latest, title), `**${toText(status.text)}**`, toMarkdown(body)];
  const footer = toLine(message.footer);
  const link = toSafeUrl(url, { max: 2000 });
  return {
    ...authorOf(message.author),
    title: toText(title),
    ...(link !== undefined && { url: link }),
    description: paragraphs.filter((text) => text !== undefined && text !== "").join("\n\n"),
    color: Number.parseInt(toneColors[(latest ?? message).status.tone].slice(1), 16),
    fields: fieldsOf(message),
    ...(footer !== "" && { footer: { text: footer } }),
  };
}

/** The title below it is not repeated. */
function toLatestLine({ title, url, status }: Message, rootTitle: string): string {
  const state = toText(shorten(status.text, 60));
  if (title === rootTitle) return `**Latest:** ${state}`;
  return `**Latest:** ${toLink(shorten(title, 100), url, item.moreUrl)}\n${state}`;
}

function authorOf(author: Author | undefined): Pick<Embed, "author"> {
  const name = shorten(toLine(author?.name ?? ""), 80);
  if (name === "") return {};
  const avatar = toSafeUrl(author?.avatarUrl, { max: 2000 });
  return { author: { name, ...(avatar !== undefined && { icon_url: avatar }) } };
}

function fieldsOf({ facts, sections }: Message): Field[] {
  const { taken, rest } = takeSections(sections);
  return [
    ...facts.map(({ label, value }) => ({ name: toText(shorten(label, 40)), value: toText(value), inline: true })),
    ...taken.map((section) => ({ name: toText(section.title), value: renderList(section), inline: false })),
    ...(rest === undefined ? [] : [{ name: rest, value: "–", inline: false }]),
  ];
}

function renderList({ items, more }: Section): string {
  const toMore = (count: string) => `… and ${toLink(`${count} more`, more?.url, item.moreUrl)}`;
  return fitLines(items.map(renderItem), more?.count ?? 0, toMore, limits.fieldValue) || "–";
}

function renderItem({ text, url, note }: Item): string {
  const quiet = escapeMarkdown(toLine(shorten(note ?? "", item.note)));
  return `• ${toLink(shorten(text, item.text), url, item.url)}${quiet === "" ? "" : ` · ${quiet}`}`;
}

/** A text on one line, never empty: Discord refuses fields without. */
function toText(text: string): string {
  return escapeMarkdown(toLine(text)) || "–";
}

function fits(embed: Embed): boolean {
  const { title, description, fields, footer, author } = embed;
  const inFields = fields.map(({ name, value }) => name.length + value.length);
  const texts = [title, description, footer?.text ?? "", author?.name ?? ""].map(({ length }) => length);
  const total = [...texts, ...inFields].reduce((sum, length) => sum + length, 0);
  const isShort = title.length <= limits.title && description.length <= limits.description;
  const areFieldsShort = fields.every(
    ({ name, value }) => name.length <= limits.fieldName && value.length <= limits.fieldValue,
  );
  const echo = Buffer.byteLength(JSON.stringify(embed));
  const isFooterShort = (footer?.text.length ?? 0) <= limits.footer;
  return isShort && areFieldsShort && isFooterShort && total <= limits.total && echo <= MAX_ECHO_BYTES;
}
