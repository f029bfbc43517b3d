import { type Html, html, link } from "../html.ts";
import { renderBlocks } from "../markup/blocks.ts";
import { googleChatText } from "../markup/dialects.ts";
import { renderSimpleHtml } from "../markup/simple-html.ts";
import { type Fields, toFields, toList, toText } from "../values.ts";
import { initials, post } from "./chrome.ts";
import type { Service } from "./service.ts";

const rules = {
  tags: new Map([
    ["b", "strong"],
    ["strong", "strong"],
    ["i", "em"],
    ["em", "em"],
    ["u", "u"],
    ["s", "s"],
    ["strike", "s"],
    ["code", "code"],
  ] as const),
  mentions: /<users\/[^>]+>/,
};

export const googlechat: Service = {
  title: "Google Chat",
  note: "A card in a space; text beside it has marks of its own.",
  render: ({ payload }) => {
    const { text, cardsV2, thread } = toFields(payload);
    const key = toText(toFields(thread).threadKey);
    const channel = key === "" ? undefined : html`<div class="channel">Thread: ${key}</div>`;
    const cards = toList(cardsV2).map(({ card }) => renderCard(toFields(card)));
    return html`${channel}${post("Hookline", "App", html`${renderBlocks(toText(text), googleChatText)}${cards}`)}`;
  },
  // developers.google.com/workspace/chat, "Create a message" and "Cards".
  sizes: ({ payload, bytes }) => {
    const sections = toList(toFields(payload).cardsV2).flatMap(({ card }) => toList(toFields(card).sections));
    const widgets = sections.reduce((sum, section) => sum + toList(section.widgets).length, 0);
    return [
      { what: "bytes", size: bytes, max: 32_000 },
      { what: "widgets", size: widgets, max: 100 },
    ];
  },
};

function renderCard({ header, sections }: Fields): Html {
  const { title, subtitle } = toFields(header);
  const name = toText(title);
  const head =
    name === ""
      ? undefined
      : html`<div class="card-head">${initials(name)}<div><div class="title">${name}</div>
<div class="subtitle">${toText(subtitle)}</div></div></div>`;
  return html`<div class="card">${head}${toList(sections).map(renderSection)}</div>`;
}

function renderSection({ header, widgets, collapsible, uncollapsibleWidgetsCount: most }: Fields): Html {
  const shown = toList(widgets).map(renderWidget);
  const open = collapsible === true && typeof most === "number" ? most : shown.length;
  const hidden = shown.slice(open);
  const folded = hidden.length === 0 ? undefined : html`<details><summary>Show more</summary>${hidden}</details>`;
  const head = toText(header) === "" ? undefined : html`<div class="section-head">${renderHtml(header)}</div>`;
  return html`<div class="section">${head}${shown.slice(0, open)}${folded}</div>`;
}

function renderWidget(widget: Fields): Html {
  if (widget.divider !== undefined) return html`<hr>`;
  if (widget.textParagraph !== undefined) {
    return html`<div class="lines widget">${renderHtml(toFields(widget.textParagraph).text)}</div>`;
  }
  if (widget.decoratedText !== undefined) return renderDecorated(toFields(widget.decoratedText));
  if (widget.buttonList !== undefined) {
    return html`<div class="actions">${toList(toFields(widget.buttonList).buttons).map(renderButton)}</div>`;
  }
  return html`<div class="unknown">${Object.keys(widget).join(", ")}</div>`;
}

function renderDecorated({ topLabel, text, bottomLabel, onClick, button, startIcon }: Fields): Html {
  const url = toText(toFields(toFields(onClick).openLink).url);
  const words = url === "" ? renderHtml(text) : link(url, renderHtml(text));
  const icon = startIcon === undefined ? undefined : html`<span class="picture">●</span>`;
  return html`<div class="widget decorated">${icon}<div><div class="label">${renderHtml(topLabel)}</div><div>${words}</div>
<div class="label">${renderHtml(bottomLabel)}</div></div>${button === undefined ? undefined : renderButton(toFields(button))}</div>`;
}

function renderButton({ text, onClick }: Fields): Html {
  const url = toText(toFields(toFields(onClick).openLink).url);
  return html`<span class="button">${link(url, toText(text))}</span>`;
}

function renderHtml(text: unknown): Html {
  return renderSimpleHtml(toText(text), rules);
}
