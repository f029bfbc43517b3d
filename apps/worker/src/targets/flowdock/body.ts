import { escapeHtml, linkHtml, toHtmlLines } from "../html-lines.ts";
import { takeSections } from "../lists.ts";
import { toMore } from "../markdown-parts.ts";
import type { Fact, Item, Message, Section } from "../target.ts";
import { toLine } from "../text.ts";

const TAGS = { strong: "strong", emphasis: "em", strike: "del", code: "code", pre: "pre", quote: "blockquote" };

/** A message as HTML, without its title: the thread shows that. */
export function toBody(message: Message): string {
  const { taken, rest } = takeSections(message.sections);
  return [
    toFacts(message.facts),
    wrap(toHtmlLines(message.body, TAGS), "div"),
    ...taken.map(toSection),
    wrap(escapeHtml(rest ?? ""), "p"),
    wrap(wrap(escapeHtml(toLine(message.footer)), "small"), "p"),
  ].join("");
}

function toFacts(facts: readonly Fact[]): string {
  const told = facts.filter(({ value }) => toLine(value) !== "");
  return wrap(told.map(({ label, value }) => `${wrap(line(label), "strong")} ${line(value)}`).join("<br>"), "p");
}

function toSection({ title, items, more }: Section): string {
  const rest = more === undefined ? [] : [toItem({ ...toMore(more), note: undefined })];
  return wrap(wrap(line(title), "strong"), "p") + wrap([...items.map(toItem), ...rest].join(""), "ul");
}

function toItem({ text, url, note }: Item): string {
  const quiet = wrap(line(note ?? ""), "small");
  return wrap(linkHtml(toLine(text), url) + (quiet === "" ? "" : ` ${quiet}`), "li");
}

function line(text: string): string {
  return escapeHtml(toLine(text));
}

function wrap(html: string, tag: string): string {
  return html === "" ? "" : `<${tag}>${html}</${tag}>`;
}
