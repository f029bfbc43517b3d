import { html } from "../html.ts";
import { decodeEntities } from "../markup/entities.ts";
import { renderSimpleHtml } from "../markup/simple-html.ts";
import { toFields, toText } from "../values.ts";
import type { Service } from "./service.ts";

const rules = {
  tags: new Map([
    ["b", "strong"],
    ["strong", "strong"],
    ["i", "em"],
    ["em", "em"],
    ["u", "u"],
    ["s", "s"],
    ["code", "code"],
    ["pre", "pre"],
    ["blockquote", "blockquote"],
  ] as const),
  mentions: /(?<![A-Za-z0-9_])@\w+/,
};

export const telegram: Service = {
  title: "Telegram",
  note: "HTML mode; line breaks are kept, quotations have a bar.",
  render: ({ payload }) => {
    const { text, reply_parameters: reply } = toFields(payload);
    const answered =
      reply === undefined ? undefined : html`<div class="replied">In reply to the day's first message</div>`;
    return html`<div class="bubble"><div class="sender"><b>Hookline</b></div>${answered}
<div class="lines">${renderSimpleHtml(withoutBreaks(toText(text)), rules)}</div><time>12:00</time></div>`;
  },
  // core.telegram.org/bots/api: UTF-16 units after the entities are parsed, and at most 100 of these.
  sizes: ({ payload }) => {
    const text = toText(toFields(payload).text);
    return [
      { what: "visible text", size: decodeEntities(text.replaceAll(/<[^>]*>/g, "")).length, max: 4096 },
      { what: "marks", size: text.match(/<[a-z]/g)?.length ?? 0, max: 100 },
    ];
  },
};

/** What follows a block stands below it anyway. */
function withoutBreaks(text: string): string {
  return text.replaceAll(/(?<=<\/(?:pre|blockquote)>)\n/g, "");
}
