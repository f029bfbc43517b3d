import { type Html, html, link } from "../html.ts";
import { renderBlocks } from "../markup/blocks.ts";
import { adaptiveCard as dialect } from "../markup/dialects.ts";
import { renderInline } from "../markup/inline.ts";
import { type Fields, toFields, toList, toText } from "../values.ts";
import { post } from "./chrome.ts";
import type { Service } from "./service.ts";

export const teams: Service = {
  title: "Microsoft Teams",
  note: "An Adaptive Card from Workflows.",
  render: ({ payload }) => {
    const cards = toList(toFields(payload).attachments).map(({ content }) => renderCard(toFields(content)));
    return post("Workflows", "App", html`${cards}`);
  },
  sizes: ({ bytes }) => [{ what: "bytes", size: bytes, max: 28 * 1024 }],
};

function renderCard({ body, actions }: Fields): Html {
  return html`<div class="card">${toList(body).map(renderElement)}${renderActions(actions)}</div>`;
}

function renderElement(part: Fields): Html {
  const names = ["element", part.separator === true ? "separated" : "", `gap-${toName(part.spacing)}`];
  return html`<div class="${names.join(" ")}">${renderContent(part)}</div>`;
}

function renderContent(part: Fields): Html {
  switch (part.type) {
    case "TextBlock":
      return html`<div class="${toLook(part)}">${renderBlocks(toText(part.text), dialect)}</div>`;
    case "RichTextBlock":
      return html`<div class="runs">${toInlines(part.inlines).map(renderRun)}</div>`;
    case "FactSet":
      return html`<table class="facts">${toList(part.facts).map(renderFact)}</table>`;
    case "Container":
      return html`<div class="container ${toName(part.style)}">${toList(part.items).map(renderElement)}</div>`;
    case "ColumnSet":
      return html`<div class="columns">${toList(part.columns).map(renderColumn)}</div>`;
    case "ActionSet":
      return renderActions(part.actions);
    case "Image":
      return html`<span class="picture">●</span>`;
    default:
      return html`<div class="unknown">${toText(part.type)}</div>`;
  }
}

function toInlines(inlines: unknown): Fields[] {
  return Array.isArray(inlines) ? inlines.map((run) => (typeof run === "string" ? { text: run } : toFields(run))) : [];
}

/** Plain text: marks are members, not Markdown. */
function renderRun(run: Fields): Html {
  const extra = [run.italic === true ? "italic" : "", run.strikethrough === true ? "struck" : ""];
  const { url } = toFields(run.selectAction);
  const shown = toText(url) === "" ? html`${toText(run.text)}` : link(toText(url), toText(run.text));
  return html`<span class="${toLook(run)} ${extra.join(" ")}">${shown}</span>`;
}

function renderFact({ title, value }: Fields): Html {
  return html`<tr><th>${renderInline(toText(title), dialect)}</th><td>${renderInline(toText(value), dialect)}</td></tr>`;
}

function renderColumn(column: Fields): Html {
  const name = toText(column.width) === "auto" ? "auto" : "stretch";
  return html`<div class="column ${name}">${toList(column.items).map(renderElement)}</div>`;
}

function renderActions(actions: unknown): Html {
  const buttons = toList(actions).map(
    ({ title, url }) => html`<span class="button">${link(toText(url), toText(title))}</span>`,
  );
  return buttons.length === 0 ? html`` : html`<div class="actions">${buttons}</div>`;
}

function toLook({ size, weight, color, isSubtle, fontType }: Fields): string {
  const names = [
    `size-${toName(size)}`,
    `weight-${toName(weight)}`,
    `color-${toName(color)}`,
    `font-${toName(fontType)}`,
  ];
  return [...names, ...(isSubtle === true ? ["subtle"] : [])].join(" ");
}

function toName(value: unknown): string {
  return toText(value).toLowerCase() || "default";
}
