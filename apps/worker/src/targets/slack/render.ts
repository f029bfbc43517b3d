import { fit } from "../fit.ts";
import { fitLines, takeSections } from "../lists.ts";
import type { Fact, Item, Message, Section } from "../target.ts";
import { shorten, toLine } from "../text.ts";
import { toStatusLine } from "../tone.ts";
import { toParts } from "./body.ts";
import { escapeText, toLink } from "./mrkdwn.ts";

interface Mrkdwn {
  readonly type: "mrkdwn";
  readonly text: string;
  readonly verbatim: true;
}
export type SlackBlock =
  | { readonly type: "section"; readonly text: Mrkdwn }
  | { readonly type: "section"; readonly fields: readonly Mrkdwn[] }
  | { readonly type: "context"; readonly elements: readonly Mrkdwn[] }
  | { readonly type: "divider" };

export interface SlackContent {
  /** What notifications and screen readers say. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

// docs.slack.dev, "Block Kit: blocks"; the limit on all texts together is not documented and was found by trying.
const MAX_BLOCKS = 50;
const MAX_SECTION = 3000;
const MAX_FIELD = 2000;
const MAX_TOTAL = 13_200;
const MAX_MORE_URL = 400;

/** A message as Block Kit. `latest`, when it is another message, stands above: the newest of the thread. */
export function renderSlack(message: Message, latest: Message = message): SlackContent {
  const head = latest === message ? [] : latestHead(latest, message.title);
  return fit(message, (reduced) => render(reduced, head, latest), fits);
}

function render(message: Message, head: readonly SlackBlock[], latest: Message): SlackContent {
  const { taken, rest } = takeSections(message.sections);
  const blocks = [
    ...head,
    ...contextOf(message.author?.name),
    section(`*${toLink(message.title, message.url)}*${below(toStatusLine(message.status))}`),
    ...factsOf(message.facts),
    ...toParts(message.body, MAX_SECTION).map((part) => (part.type === "text" ? section(part.text) : part)),
    ...taken.map((list) => section(renderList(list))),
    ...contextOf(rest),
    ...contextOf(message.footer),
  ];
  const text = escapeText(toLine(shorten(latest.summary || latest.title, 300))) || "(untitled)";
  return { text, blocks };
}

/** The title below it is not repeated. */
function latestHead({ title, url, status }: Message, rootTitle: string): SlackBlock[] {
  const line = toStatusLine({ ...status, text: shorten(status.text, 60) });
  const isSame = title === rootTitle;
  const told = isSame ? escapeText(toLine(line)) : toLink(shorten(title, 100), url, MAX_MORE_URL) + below(line);
  return [section(`*Latest:* ${told}`), { type: "divider" }];
}

function renderList({ title, items, more }: Section): string {
  const head = `*${escapeText(toLine(title))}*\n`;
  const toMore = (count: string) => `… and ${toLink(`${count} more`, more?.url, MAX_MORE_URL)}`;
  return head + fitLines(items.map(renderItem), more?.count ?? 0, toMore, MAX_SECTION - head.length);
}

function renderItem({ text, url, note }: Item): string {
  const quiet = escapeText(toLine(note ?? ""));
  return `• ${toLink(text, url)}${quiet === "" ? "" : ` _${quiet}_`}`;
}

function factsOf(facts: readonly Fact[]): SlackBlock[] {
  if (facts.length === 0) return [];
  const fields = facts.map(({ label, value }) =>
    mrkdwn(`*${escapeText(toLine(shorten(label, 40)))}*\n${escapeText(toLine(value)) || "–"}`),
  );
  return [{ type: "section", fields }];
}

function below(text: string): string {
  return `\n${escapeText(toLine(text))}`;
}

function contextOf(text: string | undefined): SlackBlock[] {
  const escaped = escapeText(toLine(text ?? ""));
  return escaped === "" ? [] : [{ type: "context", elements: [mrkdwn(escaped)] }];
}

function section(text: string): SlackBlock {
  return { type: "section", text: mrkdwn(text) };
}

/** Verbatim: Slack links no names, channels or addresses by itself. */
function mrkdwn(text: string): Mrkdwn {
  return { type: "mrkdwn", text, verbatim: true };
}

function fits({ blocks }: SlackContent): boolean {
  const sections = blocks.flatMap((block) => ("text" in block ? [block.text.text.length] : []));
  const fields = blocks.flatMap((block) => ("fields" in block ? block.fields.map(({ text }) => text.length) : []));
  const quiet = blocks.flatMap((block) => ("elements" in block ? block.elements.map(({ text }) => text.length) : []));
  const total = [...sections, ...fields, ...quiet].reduce((sum, length) => sum + length, 0);
  const isShort = sections.every((length) => length <= MAX_SECTION) && fields.every((length) => length <= MAX_FIELD);
  return blocks.length <= MAX_BLOCKS && isShort && total <= MAX_TOTAL;
}
