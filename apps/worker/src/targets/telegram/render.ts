import { fit } from "../fit.ts";
import { fitLines, takeSections } from "../lists.ts";
import type { Fact, Item, Message, Section } from "../target.ts";
import { shorten, toLine } from "../text.ts";
import { toStatusLine } from "../tone.ts";
import { escapeText, toHtml, toLink } from "./html.ts";

// core.telegram.org/bots/api, "sendMessage": UTF-16 units of what is read; above 100 marks the rest is left out.
const MAX_TEXT = 4096;
const MAX_MARKS = 100;
const MAX_ITEM = 160;

/** A message as Telegram's HTML. `latest`, when it is another message, stands above: the newest of the thread. */
export function renderTelegram(message: Message, latest: Message = message): string {
  return fit(message, (reduced) => render(reduced, latest === message ? undefined : latest), fits);
}

function render(message: Message, latest: Message | undefined): string {
  const { taken, rest } = takeSections(message.sections);
  const paragraphs = [
    latest && toLatest(latest, message.title),
    toHead(message),
    message.facts.map(renderFact).join("\n"),
    toHtml(message.body),
    ...taken.map(renderList),
    rest,
    italic(message.footer),
  ];
  return paragraphs.filter((text) => text !== undefined && text !== "").join("\n\n");
}

/** The title below it is not repeated. */
function toLatest({ title, url, status }: Message, rootTitle: string): string {
  const line = escapeText(toLine(toStatusLine({ ...status, text: shorten(status.text, 60) })));
  return `<b>Latest:</b> ${title === rootTitle ? line : `${toLink(shorten(title, 100), url)}\n${line}`}`;
}

function toHead({ title, url, status, author }: Message): string {
  const name = escapeText(toLine(author?.name ?? ""));
  const line = escapeText(toLine(toStatusLine(status)));
  return `<b>${toLink(title, url)}</b>\n${line}${name === "" ? "" : ` · ${name}`}`;
}

function renderFact({ label, value }: Fact): string {
  return `<b>${escapeText(toLine(shorten(label, 40))) || "–"}:</b> ${escapeText(toLine(value)) || "–"}`;
}

function renderList({ title, items, more }: Section): string {
  const toMore = (count: string) => `… and ${toLink(`${count} more`, more?.url)}`;
  const lines = fitLines(items.map(renderItem), more?.count ?? 0, toMore, Number.POSITIVE_INFINITY);
  const head = `<b>${escapeText(toLine(title)) || "–"}</b>`;
  return lines === "" ? head : `${head}\n${lines}`;
}

function renderItem({ text, url, note }: Item): string {
  const quiet = italic(shorten(note ?? "", 60));
  return `• ${toLink(shorten(text, MAX_ITEM), url)}${quiet === "" ? "" : ` ${quiet}`}`;
}

function italic(text: string): string {
  const escaped = escapeText(toLine(text));
  return escaped === "" ? "" : `<i>${escaped}</i>`;
}

function fits(html: string): boolean {
  const marks = html.match(/<[a-z]/g)?.length ?? 0;
  return marks <= MAX_MARKS && toVisible(html).length <= MAX_TEXT;
}

/** What is read of HTML that was made here: no `<` or `>` stands in it but those of tags. */
function toVisible(html: string): string {
  return html.replaceAll(/<[^<>]*>/g, "").replaceAll(/&(?:amp|lt|gt);/g, "&");
}
