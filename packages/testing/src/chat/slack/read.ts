import { toDotted } from "../check/check.ts";
import { walk } from "../check/walk.ts";
import { type Fields, toText, toTexts } from "../parse.ts";
import { readAttachments } from "../text/attachments.ts";
import type { ChatPing } from "../types.ts";

const PING = /<!(?:channel|here|everyone)(?:\|[^>]*)?>|<@[UW][A-Z0-9]*(?:\|[^>]*)?>|<!subteam\^[^>]*>/g;
const BARE_PING = /(?<![\w`])@(?:channel|here|everyone)\b/g;

/** The notification text, then what stands in blocks and attachments. */
export function readTexts(payload: Fields): string[] {
  const inBlocks = [...walk(payload.blocks)].map(({ node }) => node.text ?? node.unicode);
  const attached = readAttachments(payload.attachments).map(({ text }) => text);
  const inTheirBlocks = [...walk(payload.attachments)].filter(({ path }) => path.includes("blocks"));
  const all = [payload.text, ...inBlocks, ...attached, ...inTheirBlocks.map(({ node }) => node.text)];
  return toTexts(all).map(decode);
}

/** Everything that notifies people: special mentions in mrkdwn, mentions in rich text, bare ones where names are linked. */
export function findPings(payload: Fields): ChatPing[] {
  const isLinking = payload.link_names === true || payload.link_names === 1 || payload.parse === "full";
  return [
    ...toPings(toText(payload.text), "text", isLinking),
    ...readAttachments(payload.attachments).flatMap(({ text, where }) => toPings(text, where, isLinking)),
    ...["blocks", "attachments"].flatMap((name) =>
      [...walk(payload[name], [name])].flatMap(({ node, path }) => {
        const where = toDotted(path);
        if (node.type === "mrkdwn") return toPings(toText(node.text), `${where}.text`, isLinking);
        return toRichPing(node, where);
      }),
    ),
  ];
}

function toPings(text: string, where: string, isLinking: boolean): ChatPing[] {
  const found = [...text.matchAll(PING), ...(isLinking ? text.matchAll(BARE_PING) : [])];
  return found.map(([ping]) => ({ text: ping, where }));
}

function toRichPing(node: Fields, where: string): ChatPing[] {
  switch (node.type) {
    case "user":
      return [{ text: `<@${toText(node.user_id)}>`, where }];
    case "usergroup":
      return [{ text: `<!subteam^${toText(node.usergroup_id)}>`, where }];
    case "broadcast":
      return [{ text: `<!${toText(node.range)}>`, where }];
    default:
      return [];
  }
}

// `<url|label>` is read as its label, and the three escapes as what they stand for.
function decode(text: string): string {
  return text
    .replace(/<[^<>|]*\|([^<>]*)>/g, "$1")
    .replace(/<(https?:[^<>]*)>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
