import type { ChatPing } from "../types.ts";
import type { ParsedHtml } from "./html.ts";

const QUIET = ["code", "pre", "text_link"];

/** `@name` outside of code and links, and links to users. */
export function findPings({ text, entities }: ParsedHtml): ChatPing[] {
  const quiet = entities.filter(({ type }) => QUIET.includes(type));
  const names = [...text.matchAll(/(?<![\w@/])@[a-z0-9_]{2,32}/gi)].filter(
    ({ index }) => !quiet.some(({ offset, length }) => index >= offset && index < offset + length),
  );
  const links = entities.flatMap(({ url = "" }) => (/^tg:\/\/user\?id=/i.test(url) ? [url] : []));
  return [...names.map(([name]) => name), ...links].map((found) => ({ text: found, where: "text" }));
}
