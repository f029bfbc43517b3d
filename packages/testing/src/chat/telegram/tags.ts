import { decodeEntities } from "./entities.ts";

/** What cannot be parsed, in the words of the Bot API. */
export class ParseError extends Error {}

export interface StartTag {
  name: string;
  attributes: Map<string, string>;
  /** Index after its end. */
  end: number;
}

// core.telegram.org/bots/api, "HTML style".
const TYPES: Record<string, string> = {
  ...{ b: "bold", strong: "bold", i: "italic", em: "italic", u: "underline", ins: "underline" },
  ...{ s: "strikethrough", strike: "strikethrough", del: "strikethrough", a: "text_link" },
  ...{ span: "spoiler", "tg-spoiler": "spoiler", code: "code", pre: "pre", blockquote: "blockquote" },
};

export function toEntityType(name: string): string {
  return TYPES[name] ?? name;
}

/** Byte offset in UTF-8, in which the Bot API counts. */
export function toByteOffset(html: string, index: number): number {
  return Buffer.byteLength(html.slice(0, index));
}

/** Reads the start tag at an index. Throws a {@link ParseError} when it is none, or not a supported one. */
export function readStartTag(html: string, begin: number): StartTag {
  const at = `at byte offset ${toByteOffset(html, begin)}`;
  const name = (/^[^\s>]*/.exec(html.slice(begin + 1))?.[0] ?? "").toLowerCase();
  let end = begin + 1 + name.length;
  if (end >= html.length) throw new ParseError(`Unclosed start tag ${at}`);
  if (!Object.hasOwn(TYPES, name)) throw new ParseError(`Unsupported start tag "${name}" ${at}`);
  const attributes = new Map<string, string>();
  for (;;) {
    end += /^\s*/.exec(html.slice(end))?.[0].length ?? 0;
    if (end >= html.length) throw new ParseError(`Unclosed start tag ${at}`);
    if (html[end] === ">") break;
    const attribute = readAttribute(html.slice(end), `in the tag "${name}" ${at}`);
    attributes.set(attribute.name, attribute.value);
    end += attribute.length;
  }
  if (name === "span" && attributes.get("class") !== "tg-spoiler") {
    throw new ParseError(`Tag "span" must have class "tg-spoiler" ${at}`);
  }
  return { name, attributes, end: end + 1 };
}

function readAttribute(rest: string, where: string): { name: string; value: string; length: number } {
  const name = /^[^\s=>]*/.exec(rest)?.[0] ?? "";
  if (name === "") throw new ParseError(`Empty attribute name ${where}`);
  const value = /^\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))/.exec(rest.slice(name.length));
  if (value === null) {
    if (name.toLowerCase() === "expandable") return { name: "expandable", value: "", length: name.length };
    throw new ParseError(`Expected equal sign in declaration of an attribute ${where}`);
  }
  const written = value[1] ?? value[2] ?? value[3] ?? "";
  return { name: name.toLowerCase(), value: decodeEntities(written), length: name.length + value[0].length };
}
