import { type Html, html } from "../html.ts";
import { renderBlocks } from "../markup/blocks.ts";
import { slack as dialect } from "../markup/dialects.ts";
import { type Fields, textsOf, toFields, toList, toText } from "../values.ts";
import { post } from "./chrome.ts";
import type { Service } from "./service.ts";

// docs.slack.dev, "Block Kit".
const MAX = { blocks: 50, section: 3000, fields: 10, total: 13_200, text: 40_000 };

export const slack: Service = {
  title: "Slack",
  note: "Block Kit. Notifications show the text; it is not repeated above the blocks.",
  render: ({ payload }) => {
    const { text, blocks } = toFields(payload);
    const shown = toList(blocks).map(renderBlock);
    return html`<div class="notification">Notification: ${renderMrkdwn(text)}</div>
${post("Hookline", "APP", html`${shown}`)}`;
  },
  sizes: ({ payload }) => {
    const { text, blocks } = toFields(payload);
    const list = toList(blocks);
    const sections = list.map((block) => toText(toFields(block.text).text).length);
    const total = list.flatMap((block) => toTexts(block)).reduce((sum, each) => sum + each.length, 0);
    return [
      { what: "blocks", size: list.length, max: MAX.blocks },
      { what: "longest section", size: Math.max(0, ...sections), max: MAX.section },
      { what: "all texts", size: total, max: MAX.total },
      { what: "notification", size: toText(text).length, max: MAX.text },
    ];
  },
};

function toTexts(block: Fields): string[] {
  const places = [toFields(block.text), ...toList(block.fields), ...toList(block.elements)];
  return places.flatMap(({ text }) => textsOf(text));
}

function renderBlock(block: Fields): Html {
  const { type } = block;
  if (type === "divider") return html`<hr>`;
  if (type === "header") return html`<div class="block header">${toText(toFields(block.text).text)}</div>`;
  if (type === "context") {
    return html`<div class="block context">${toList(block.elements).map(({ text }) => renderMrkdwn(text))}</div>`;
  }
  if (type !== "section") return html`<div class="unknown">${toText(type)}</div>`;
  const fields = toList(block.fields).map(({ text }) => html`<div class="field">${renderMrkdwn(text)}</div>`);
  const text = toText(toFields(block.text).text);
  const words = text === "" ? undefined : html`<div class="block">${renderMrkdwn(text)}</div>`;
  return html`${words}<div class="fields">${fields}</div>`;
}

/** A quotation is begun by a `>` that is escaped as every other is. */
function renderMrkdwn(text: unknown): Html {
  return renderBlocks(toText(text).replaceAll(/^&gt;/gm, ">"), dialect);
}
