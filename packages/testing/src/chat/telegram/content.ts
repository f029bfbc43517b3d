import { object } from "../check/shapes.ts";
import { boolean, text } from "../check/values.ts";
import { type Fields, toText } from "../parse.ts";
import { type ParsedHtml, parseHtml } from "./html.ts";
import { ParseError } from "./tags.ts";

// core.telegram.org/bots/api, "sendMessage": after entities are parsed, in UTF-16 units.
const MAX_TEXT = 4_096;
/** Entities above this number are ignored without a word. */
export const MAX_ENTITIES = 100;

const previewOptions = object(
  {},
  {
    is_disabled: boolean(),
    url: text(),
    prefer_small_media: boolean(),
    prefer_large_media: boolean(),
    show_above_text: boolean(),
  },
);

export type Content = { parsed: ParsedHtml } | { error: string };

/** The text people read, or the description of what is wrong with it. */
export function readContent(payload: Fields): Content {
  const { text: written, parse_mode: mode, link_preview_options: preview } = payload;
  if (typeof written !== "string" || written === "") return { error: "message text is empty" };
  if (mode !== undefined && mode !== "" && toText(mode).toLowerCase() !== "html")
    return { error: "unsupported parse_mode" };
  if (preview !== undefined && previewOptions(preview, []).length > 0) {
    return { error: "can't parse link preview options JSON object" };
  }
  try {
    const parsed = mode ? parseHtml(written) : { text: written, entities: [] };
    const length = parsed.text.trim().length;
    if (length === 0) return { error: "text must be non-empty" };
    return length > MAX_TEXT ? { error: "message is too long" } : { parsed };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { error: `can't parse entities: ${error.message}` };
  }
}
