import { parseUrl } from "@hookline/runtime";
/** What a service takes: how long a URL may be, in characters, and whether it may be a mail address. */
export interface LinkRules {
  readonly max: number;
  readonly allowsMail?: boolean;
}

/**
 * A stranger's URL as it may stand in any service's markup, or `undefined` when it leads nowhere harmless: http,
 * https or mailto, without user info, everything that could end a link in Markdown, HTML or mrkdwn percent-encoded
 * (but `&`, which HTML and mrkdwn escape themselves).
 */
export function toSafeUrl(url: string | undefined, { max, allowsMail = false }: LinkRules): string | undefined {
  const parsed = url === undefined ? undefined : parseUrl(url);
  if (parsed === undefined) return undefined;
  const safe =
    parsed.protocol === "mailto:" ? allowsMail && `mailto:${encode(parsed.href.slice(7))}` : toWebUrl(parsed);
  return safe === false || safe === undefined || safe.length > max ? undefined : safe;
}

function toWebUrl({ protocol, origin, pathname, search, hash }: URL): string | undefined {
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  // The brackets of an IPv6 address stand in the origin and must stay.
  return origin + encode(pathname + search + hash);
}

function encode(text: string): string {
  return text.replaceAll(/[\s"'<>|\\^`{}()[\]]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
