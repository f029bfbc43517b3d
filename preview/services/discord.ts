import { type Html, html, link } from "../html.ts";
import { renderBlocks } from "../markup/blocks.ts";
import { discord as dialect } from "../markup/dialects.ts";
import { renderInline } from "../markup/inline.ts";
import { type Fields, toFields, toList, toText } from "../values.ts";
import { initials, post } from "./chrome.ts";
import type { Service } from "./service.ts";

export const discord: Service = {
  title: "Discord",
  note: "An embed. Author, footer and the names of a forum's posts are plain text there.",
  render: ({ payload }) => {
    const { content, embeds, thread_name: thread } = toFields(payload);
    const name = toText(thread) === "" ? undefined : html`<div class="channel">Forum post: ${toText(thread)}</div>`;
    const said = html`${renderBlocks(toText(content), dialect)}${toList(embeds).map(renderEmbed)}`;
    return html`${name}${post("Hookline", "APP", said)}`;
  },
  // discord.com/developers/docs, "Embed limits".
  sizes: ({ payload }) => {
    const embeds = toList(toFields(payload).embeds);
    const fields = embeds.flatMap((embed) => toList(embed.fields));
    const longest = (texts: readonly unknown[]) => Math.max(0, ...texts.map((text) => count(text)));
    return [
      { what: "all embeds", size: embeds.reduce((sum, embed) => sum + countEmbed(embed), 0), max: 6000 },
      { what: "title", size: longest(embeds.map(({ title }) => title)), max: 256 },
      { what: "description", size: longest(embeds.map(({ description }) => description)), max: 4096 },
      { what: "fields", size: fields.length, max: 25 },
      { what: "longest field", size: longest(fields.map(({ value }) => value)), max: 1024 },
    ];
  },
};

function count(text: unknown): number {
  return [...toText(text)].length;
}

function countEmbed({ title, description, fields, footer, author }: Fields): number {
  const inFields = toList(fields).map(({ name, value }) => count(name) + count(value));
  const others = [title, description, toFields(footer).text, toFields(author).name].map(count);
  return [...inFields, ...others].reduce((sum, size) => sum + size, 0);
}

function renderEmbed(embed: Fields): Html {
  const { title, url, description, fields, color } = embed;
  const head = renderInline(toText(title), dialect);
  const name = toText(url) === "" ? head : link(toText(url), head);
  const hex = `#${Number(color ?? 0)
    .toString(16)
    .padStart(6, "0")}`;
  return html`<div class="embed" style="border-color:${hex}">${renderAuthor(toFields(embed.author))}
<div class="title">${name}</div><div class="description">${renderBlocks(toText(description), dialect)}</div>
<div class="embed-fields">${toList(fields).map(renderField)}</div>${renderFooter(embed)}</div>`;
}

function renderAuthor({ name }: Fields): Html | undefined {
  const text = toText(name);
  return text === "" ? undefined : html`<div class="author">${initials(text)}${text}</div>`;
}

function renderField({ name, value, inline }: Fields): Html {
  return html`<div class="${inline === true ? "inline" : "wide"}"><div class="name">${renderInline(toText(name), dialect)}</div>
<div class="value">${renderBlocks(toText(value), dialect)}</div></div>`;
}

function renderFooter({ footer, timestamp }: Fields): Html | undefined {
  const time = toText(timestamp) === "" ? [] : [`${toText(timestamp).slice(0, 10)} ${toText(timestamp).slice(11, 16)}`];
  const parts = [toText(toFields(footer).text), ...time].filter((text) => text !== "");
  return parts.length === 0 ? undefined : html`<div class="footer">${parts.join(" • ")}</div>`;
}
