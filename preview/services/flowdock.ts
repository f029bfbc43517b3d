import { type Html, html, link, type Tag } from "../html.ts";
import { renderSimpleHtml } from "../markup/simple-html.ts";
import { type Fields, toFields, toList, toText } from "../values.ts";
import { initials } from "./chrome.ts";
import type { Service } from "./service.ts";

const rules = {
  tags: new Map<string, Tag>([
    ...(["strong", "em", "s", "u", "code", "pre", "blockquote", "div", "p", "ul", "ol", "li", "small"] as const).map(
      (name) => [name, name] as const,
    ),
    ["b", "strong"],
    ["i", "em"],
    ["del", "s"],
    ["h1", "h3"],
    ["h2", "h4"],
    ["h3", "h5"],
  ]),
  // As Flowdock did with what Basecamp writes.
  dropsOthers: true,
};

export const flowdock: Service = {
  title: "Flowdock",
  note: "The message to the left, the thread that it belongs to beside it. Bodies are HTML.",
  render: ({ payload }) => {
    const { author, title, body, thread, external_thread_id: id } = toFields(payload);
    const name = toText(toFields(author).name);
    const heading = renderSimpleHtml(toText(title), rules);
    return html`<div class="flow"><div class="discussion">${initials(name)}<div><b>${name}</b>
<div class="title">${heading}${isLink(title) ? " flow" : undefined}</div>
<div class="body">${renderSimpleHtml(toText(body), rules)}</div></div></div>${renderThread(toFields(thread), toText(id))}</div>`;
  },
  sizes: ({ bytes }) => [{ what: "bytes", size: bytes, max: 1_048_576 }],
};

function renderThread({ title, body, external_url: url, status, fields }: Fields, id: string): Html {
  const { value, color } = toFields(status);
  const name = toText(url) === "" ? toText(title) : link(toText(url), toText(title));
  const rows = toList(fields).map(
    ({ label, value: text }) => html`<tr><th>${toText(label)}</th><td>${toText(text)}</td></tr>`,
  );
  return html`<div class="thread"><div class="thread-title">${name}</div>
<span class="status ${toColor(color)}">${toText(value)}</span><table class="facts">${rows}</table>
<div class="body">${renderSimpleHtml(toText(body), rules)}</div><div class="quiet">${id}</div></div>`;
}

/** Flowdock went on with the flow's name behind a link. */
function isLink(title: unknown): boolean {
  return toText(title).startsWith("<a ");
}

function toColor(color: unknown): string {
  return /^[a-z]+$/.test(toText(color)) ? toText(color) : "grey";
}
