import { parseUrl } from "@hookline/runtime";

/** Longer ones are no use to people, and over what services take for a link. */
const LONGEST = 2000;

/** A stranger's address as a link, when it is absolute http or https. */
export function toWebUrl(text: string | null | undefined): string | undefined {
  return toUrl(text, /^https?:\/\//i);
}

/** The same for links within a text, which may be mail addresses too. */
export function toLinkUrl(text: string | null | undefined): string | undefined {
  return toUrl(text, /^(?:https?:\/\/|mailto:)/i);
}

function toUrl(text: string | null | undefined, scheme: RegExp): string | undefined {
  const trimmed = text?.trim() ?? "";
  const url = scheme.test(trimmed) ? parseUrl(trimmed) : undefined;
  if (url === undefined) return undefined;
  // The parser leaves these in mail addresses, and some of them would end a link in most markups.
  const encoded = url.href.replaceAll(/[\s"<>\\^`{|}]/g, (character) => encodeURIComponent(character));
  return encoded.length > LONGEST ? undefined : encoded;
}
