import { toDotted } from "../check/check.ts";
import { walk } from "../check/walk.ts";
import { type Fields, toText, toTexts } from "../parse.ts";
import type { ChatPing } from "../types.ts";

const SHOWN = ["header", "title", "subtitle", "topLabel", "text", "bottomLabel"];

/** What a person reads, in order; tags of the simple HTML in cards are left out. */
export function readTexts(payload: Fields): string[] {
  const inCards = [...walk(payload.cardsV2)].flatMap(({ node }) => SHOWN.map((name) => decode(toText(node[name]))));
  return toTexts([payload.text, ...inCards]);
}

/** `<users/all>` and `<users/123>`, wherever they stand. */
export function findPings(payload: Fields): ChatPing[] {
  return [...walk(payload)].flatMap(({ node, path }) =>
    Object.entries(node).flatMap(([name, value]) =>
      [...toText(value).matchAll(/<users\/[^>\s]+>/g)].map(([text]) => ({ text, where: toDotted([...path, name]) })),
    ),
  );
}

function decode(text: string): string {
  return text
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/<\/?(?:b|i|u|s|a|font|strike|strong|em|code)\b[^>]*>/gi, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
