import { element, type Html, html, link, mention, type Tag } from "../html.ts";
import { decodeEntities } from "./entities.ts";

/** The few tags that a service takes, and how each is shown. */
export interface HtmlRules {
  readonly tags: ReadonlyMap<string, Tag>;
  /** Whether other tags are left out; else they stay visible as they are written. */
  readonly dropsOthers?: boolean;
  /** What would call people, as it stands in the payload. */
  readonly mentions?: RegExp;
}

interface Rest {
  text: string;
}

const TAG = /^<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*\/?>/i;

/** Shows the HTML of a payload, tag by tag: nothing of it reaches the page as it is written. */
export function renderSimpleHtml(text: string, rules: HtmlRules): Html {
  return readUntil({ text }, undefined, rules);
}

function readUntil(rest: Rest, end: string | undefined, rules: HtmlRules): Html {
  const shown: Html[] = [];
  while (rest.text !== "") {
    const [whole = "", slash, name = "", attributes = ""] = TAG.exec(rest.text) ?? [];
    const tag = name.toLowerCase();
    if (slash === "/" && tag === end) {
      rest.text = rest.text.slice(whole.length);
      break;
    }
    if (slash === "" && isKnown(tag, rules)) {
      rest.text = rest.text.slice(whole.length);
      shown.push(tag === "br" ? html`<br>` : wrap(tag, attributes, readUntil(rest, tag, rules), rules));
    } else if (whole !== "" && rules.dropsOthers) rest.text = rest.text.slice(whole.length);
    else shown.push(readPlain(rest, rules));
  }
  return html`${shown}`;
}

function isKnown(tag: string, { tags }: HtmlRules): boolean {
  return tag === "br" || tag === "a" || tag === "font" || tags.has(tag);
}

function wrap(tag: string, attributes: string, inner: Html, { tags }: HtmlRules): Html {
  if (tag === "a") return link(decodeEntities(/href\s*=\s*["']([^"']*)["']/i.exec(attributes)?.[1] ?? ""), inner);
  if (tag === "font") return html`<span class="font">${inner}</span>`;
  const name = tags.get(tag);
  return name === undefined ? inner : element(name, inner);
}

/** At least one character, up to the next tag. */
function readPlain(rest: Rest, { mentions }: HtmlRules): Html {
  const next = rest.text.indexOf("<", 1);
  const plain = next < 0 ? rest.text : rest.text.slice(0, next);
  rest.text = rest.text.slice(plain.length);
  return markMentions(plain, mentions);
}

function markMentions(text: string, mentions: RegExp | undefined): Html {
  if (mentions === undefined) return html`${decodeEntities(text)}`;
  const parts = text.split(new RegExp(`(${mentions.source})`, mentions.flags.replace("y", "")));
  return html`${parts.map((part, index) => (index % 2 === 1 ? mention(part) : decodeEntities(part)))}`;
}
