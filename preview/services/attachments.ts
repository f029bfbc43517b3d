import { type Html, html, link } from "../html.ts";
import { renderBlocks } from "../markup/blocks.ts";
import type { Dialect } from "../markup/dialect.ts";
import { renderInline } from "../markup/inline.ts";
import { type Fields, toFields, toList, toText } from "../values.ts";
import { initials, post } from "./chrome.ts";
import type { Sent, Size } from "./service.ts";

/** Text and Slack's old attachments, which Mattermost and Rocket.Chat took over. */
export function renderAttachments({ payload }: Sent, dialect: Dialect): Html {
  const { text, attachments, alias, username } = toFields(payload);
  const name = toText(alias) || toText(username) || "Hookline";
  const said = html`${renderBlocks(toText(text), dialect)}${toList(attachments).map((part) => renderPart(part, dialect))}`;
  return post(name, "BOT", said);
}

export function textSizes({ payload, bytes }: Sent, max: number): Size[] {
  const { text, attachments } = toFields(payload);
  const inside = toList(attachments).map((part) => toText(part.text).length);
  return [
    { what: "text", size: toText(text).length, max },
    { what: "longest attachment", size: Math.max(0, ...inside), max },
    { what: "bytes", size: bytes, max: 65_535 },
  ];
}

function renderPart(part: Fields, dialect: Dialect): Html {
  const { pretext, title, title_link: url, text, color, footer, author_name: author } = part;
  const name = toText(author);
  return html`${renderBlocks(toText(pretext), dialect)}<div class="attachment" style="border-color:${toColor(color)}">
${name === "" ? undefined : html`<div class="author">${initials(name)}${name}</div>`}
<div class="title">${renderTitle(toText(title), toText(url), dialect)}</div>
${renderBlocks(toText(text), dialect)}<div class="fields">${toList(part.fields).map((field) => renderField(field, dialect))}</div>
<div class="footer">${toText(footer)}</div></div>`;
}

/** Marks are read only where the title is no link. */
function renderTitle(title: string, url: string, dialect: Dialect): Html {
  return url === "" ? renderInline(title, dialect) : link(url, title);
}

function renderField({ title, value, short }: Fields, dialect: Dialect): Html {
  const name = short === true ? "field" : "wide";
  return html`<div class="${name}"><b>${toText(title)}</b>${renderBlocks(toText(value), dialect)}</div>`;
}

function toColor(color: unknown): string {
  const text = toText(color);
  return /^#[0-9a-f]{3,6}$/i.test(text) ? text : "#aaaaaa";
}
