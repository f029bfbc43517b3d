import { parseUrl } from "@hookline/runtime";
/** Markup that may stand in the page: everything else is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Child = Html | string | number | undefined | readonly Child[];

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** A template whose blanks are escaped, so that no payload can become markup. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Html {
  const rest = children.map((child, index) => toMarkup(child) + (strings[index + 1] ?? ""));
  return new Html((strings[0] ?? "") + rest.join(""));
}

function toMarkup(child: Child): string {
  if (child === undefined) return "";
  if (child instanceof Html) return child.text;
  if (typeof child === "string" || typeof child === "number") return escapeHtml(String(child));
  return child.map(toMarkup).join("");
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES.get(character) ?? "");
}

/** An element of one of the names that the interpreters use; no attributes. */
export function element(name: Tag, ...children: readonly Child[]): Html {
  return new Html(`<${name}>${toMarkup(children)}</${name}>`);
}

export type Tag =
  | ("strong" | "em" | "s" | "u" | "mark" | "small" | "code" | "pre" | "blockquote")
  | ("h3" | "h4" | "h5" | "div" | "p" | "ul" | "ol" | "li");

/** A link where services make one: of anything but http, https and mailto the words are left. */
export function link(url: string, ...children: readonly Child[]): Html {
  const isSafe = ["http:", "https:", "mailto:"].includes(parseUrl(url)?.protocol ?? "");
  return isSafe ? html`<a href="${url}" title="${url}" rel="noreferrer">${children}</a>` : html`${children}`;
}

/** Somebody who would be told: shown loudly, because there must be none. */
export function mention(text: string): Html {
  return html`<span class="mention">${text}</span>`;
}
