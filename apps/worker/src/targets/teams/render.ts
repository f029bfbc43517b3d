import { fit } from "../fit.ts";
import { toSafeUrl } from "../links.ts";
import { takeSections } from "../lists.ts";
import { escapeMarkdown, linkMarkdown } from "../markdown.ts";
import type { Author, Fact, Message, Status } from "../target.ts";
import { measure, toLine } from "../text.ts";
import { toBodyBlocks, toSectionBlocks } from "./body.ts";
import { setApart, teamsDialect } from "./dialect.ts";
import { type Element, type OpenUrl, type TeamsPayload, type TextBlock, textBlock } from "./elements.ts";

// learn.microsoft.com, "Create incoming webhooks": 28 KB, beyond which a card is dropped after it was accepted.
// A workflow wraps it anew before it gets to Teams: that needs room too.
const MAX_BYTES = 24 * 1024;
const MAX_URL = 1500;

const COLORS: Readonly<Record<Status["tone"], NonNullable<TextBlock["color"]>>> = {
  good: "Good",
  news: "Accent",
  quiet: "Default",
  warning: "Warning",
  bad: "Attention",
};

/** A message as an Adaptive Card. */
export function renderTeams(message: Message): TeamsPayload {
  return fit(message, toPayload, (payload) => measure(JSON.stringify(payload), "bytes") <= MAX_BYTES);
}

function toPayload(message: Message): TeamsPayload {
  const actions = toActions(message);
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    fallbackText: setApart(toLine(message.summary || message.title)) || "(untitled)",
    body: toElements(message),
    ...(actions.length > 0 && { actions }),
  } as const;
  const contentType = "application/vnd.microsoft.card.adaptive";
  return { type: "message", attachments: [{ contentType, contentUrl: null, content }] };
}

function toElements(message: Message): Element[] {
  const { taken, rest } = takeSections(message.sections);
  const { status } = message;
  return [
    ...block(literal(status.text), { size: "Small", weight: "Bolder", color: COLORS[status.tone] }),
    ...block(toTitle(message), { size: "Large", weight: "Bolder", spacing: "Small" }),
    ...toAuthor(message.author),
    ...toFacts(message.facts),
    ...toBodyBlocks(message.body),
    ...taken.flatMap(toSectionBlocks),
    ...block(rest ?? "", { isSubtle: true }),
    ...block(literal(message.footer), { size: "Small", isSubtle: true, spacing: "Medium", separator: true }),
  ];
}

function toTitle({ title, url }: Message): string {
  return linkMarkdown({ text: toLine(title) || "(untitled)", url, max: MAX_URL }, teamsDialect);
}

function toAuthor(author: Author | undefined): Element[] {
  const name = literal(author?.name ?? "");
  const url = toSafeUrl(author?.avatarUrl, { max: MAX_URL });
  if (url === undefined || name === "") return block(name, { isSubtle: true, spacing: "Small" });
  const image = { type: "Image", url, altText: "", size: "Small", style: "Person" } as const;
  const column = { type: "Column", verticalContentAlignment: "Center" } as const;
  const columns = [
    { ...column, width: "auto", items: [image] },
    { ...column, width: "stretch", items: [textBlock(name, { isSubtle: true })] },
  ] as const;
  return [{ type: "ColumnSet", columns }];
}

function toFacts(facts: readonly Fact[]): Element[] {
  const told = facts
    .map(({ label, value }) => ({ title: literal(label), value: literal(value) }))
    .filter(({ title, value }) => title !== "" && value !== "");
  return told.length === 0 ? [] : [{ type: "FactSet", facts: told }];
}

/** The lists have their own links. */
function toActions({ url }: Message): OpenUrl[] {
  const safe = toSafeUrl(url, { max: MAX_URL });
  return safe === undefined ? [] : [{ type: "Action.OpenUrl", title: "Open", url: safe }];
}

function literal(text: string): string {
  return escapeMarkdown(text, teamsDialect);
}

function block(text: string, look: Parameters<typeof textBlock>[1]): TextBlock[] {
  return text === "" ? [] : [textBlock(text, look)];
}
