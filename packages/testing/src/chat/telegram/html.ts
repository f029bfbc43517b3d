import { decodeEntities, type Entity } from "./entities.ts";
import { ParseError, readStartTag, type StartTag, toByteOffset, toEntityType } from "./tags.ts";

export interface ParsedHtml {
  text: string;
  entities: Entity[];
}

interface OpenTag extends StartTag {
  /** In the text. */
  offset: number;
}

/** Telegram's HTML parse mode. Throws a {@link ParseError} on what the Bot API refuses. */
export function parseHtml(html: string): ParsedHtml {
  const open: OpenTag[] = [];
  const entities: Entity[] = [];
  let text = "";
  let index = 0;
  while (index < html.length) {
    if (html[index] !== "<") {
      const next = html.indexOf("<", index);
      const end = next < 0 ? html.length : next;
      text += decodeEntities(html.slice(index, end));
      index = end;
    } else if (html[index + 1] === "/") {
      const tag = open.pop();
      index = readEndTag(html, index, tag);
      if (tag !== undefined) entities.push(...toEntity(tag, text));
    } else {
      const tag = readStartTag(html, index);
      open.push({ ...tag, offset: text.length });
      index = tag.end;
    }
  }
  const last = open.at(-1);
  if (last !== undefined) throw new ParseError(`Can't find end tag corresponding to start tag "${last.name}"`);
  return { text, entities };
}

/** Reads the end tag at an index, which must close the tag opened last, and returns the index after it. */
function readEndTag(html: string, begin: number, tag: OpenTag | undefined): number {
  const at = `at byte offset ${toByteOffset(html, begin)}`;
  if (tag === undefined) throw new ParseError(`Unexpected end tag ${at}`);
  const [written = "", name = ""] = /^<\/([^\s>]*)\s*>?/.exec(html.slice(begin)) ?? [];
  if (!written.endsWith(">")) throw new ParseError(`Unclosed end tag ${at}`);
  if (name !== "" && name.toLowerCase() !== tag.name) {
    throw new ParseError(`Unmatched end tag ${at}, expected "</${tag.name}>", found "</${name}>"`);
  }
  return begin + written.length;
}

function toEntity({ name, attributes, offset }: OpenTag, text: string): Entity[] {
  const length = text.length - offset;
  if (length === 0) return [];
  const entity = { type: toEntityType(name), offset, length };
  if (name !== "a") return [entity];
  const url = attributes.get("href") ?? text.slice(offset);
  // A link to nowhere is no error: its words stay, the link does not.
  return /^(https?|tg|mailto|tel|ton):/i.test(url) || /^[\w-]+(\.[\w-]+)+/.test(url) ? [{ ...entity, url }] : [];
}
