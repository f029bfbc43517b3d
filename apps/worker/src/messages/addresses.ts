import type { Inline } from "./rich-text.ts";
import { toWebUrl } from "./web-url.ts";

const ADDRESS = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"|\\`]+/giu;
const ENDING = /[.,:;!?'*_~`|]/;

/** A text with the web addresses in it as links, as people's own programs show it: not every service looks for them. */
export function linkAddresses(text: string): Inline[] {
  const inlines: Inline[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = withoutEnding(found);
    const url = toWebUrl(address);
    if (url === undefined) continue;
    inlines.push(...toText(text.slice(end, index)), { type: "link", url, children: toText(address) });
    end = index + address.length;
  }
  return [...inlines, ...toText(text.slice(end))];
}

/** Without the sentence's punctuation, and without brackets that were opened before the address. */
function withoutEnding(found: string): string {
  const unopened = { ")": count(found, ")") - count(found, "("), "]": count(found, "]") - count(found, "[") };
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    if (last === ")" || last === "]") {
      if (unopened[last] <= 0) break;
      unopened[last] -= 1;
    } else if (!ENDING.test(last)) break;
  }
  return found.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function toText(text: string): Inline[] {
  return text === "" ? [] : [{ type: "text", text }];
}
