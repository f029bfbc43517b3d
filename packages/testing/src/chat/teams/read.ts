import { toDotted } from "../check/check.ts";
import { walk } from "../check/walk.ts";
import { type Fields, toFields, toList, toText, toTexts } from "../parse.ts";
import type { ChatPing } from "../types.ts";

/** What a person reads of all cards: texts, facts and the titles of actions, in order. */
export function readTexts(payload: Fields): string[] {
  const parts = [...walk(payload.attachments)].flatMap(({ node, path }) => {
    if (path.includes("msteams")) return [];
    const runs = node.type === "RichTextBlock" ? toList(node.inlines).filter((run) => typeof run === "string") : [];
    return [node.title, node.text, node.value, ...runs];
  });
  return toTexts(parts);
}

/** Mentions that are declared, and `<at>` in texts whether declared or not. */
export function findPings(payload: Fields): ChatPing[] {
  return [...walk(payload.attachments, ["attachments"])].flatMap(({ node, path }) => {
    const where = toDotted(path);
    if (node.type === "mention") return [{ text: toText(toFields(node.mentioned).name), where }];
    if (path.includes("msteams")) return [];
    return ["text", "title", "value"].flatMap((name) =>
      [...toText(node[name]).matchAll(/<at\b[^>]*>/gi)].map(([text]) => ({ text, where: `${where}.${name}` })),
    );
  });
}
