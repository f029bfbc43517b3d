import type { Check } from "../check/check.ts";
import { exactlyOne, list, object, tagged } from "../check/shapes.ts";
import { anything, boolean, integer, oneOf, text, url } from "../check/values.ts";

export function plainText(max: number): Check {
  return object({ type: oneOf("plain_text"), text: text({ min: 1, max }) }, { emoji: boolean() });
}

/** plain_text or mrkdwn. */
export function anyText(max: number): Check {
  return tagged("type", {
    plain_text: plainText(max),
    mrkdwn: object({ type: anything(), text: text({ min: 1, max }) }, { verbatim: boolean() }),
  });
}

const image = object({
  type: anything(),
  image_url: url(3_000),
  alt_text: text({ min: 1, max: 2_000 }),
});

const button = object(
  { type: anything(), text: plainText(75) },
  {
    action_id: text({ max: 255 }),
    url: url(3_000),
    value: text({ max: 2_000 }),
    style: oneOf("primary", "danger"),
    accessibility_label: text({ max: 75 }),
    confirm: anything(),
  },
);

export const contextElement = tagged("type", { image, plain_text: anyText(3_000), mrkdwn: anyText(3_000) });
export const actionElement = tagged("type", { button });
export const accessory = tagged("type", { button, image });

const style = object({}, { bold: boolean(), italic: boolean(), strike: boolean(), code: boolean() });

const inline = tagged("type", {
  text: object({ type: anything(), text: text({ min: 1 }) }, { style }),
  link: object({ type: anything(), url: text({ min: 1, max: 3_000 }) }, { text: text(), unsafe: boolean(), style }),
  emoji: object({ type: anything(), name: text({ min: 1 }) }, { unicode: text(), skin_tone: anything(), style }),
  user: object({ type: anything(), user_id: text({ min: 1 }) }, { style }),
  usergroup: object({ type: anything(), usergroup_id: text({ min: 1 }) }, { style }),
  channel: object({ type: anything(), channel_id: text({ min: 1 }) }, { style }),
  broadcast: object({ type: anything(), range: oneOf("here", "channel", "everyone") }, { style }),
  date: object({ type: anything(), timestamp: anything(), format: text() }, { url: text(), fallback: text(), style }),
  color: object({ type: anything(), value: text() }, { style }),
});

const section = object({ type: anything(), elements: list(inline) });
const border = integer(0, 1);

export const richTextElement = tagged("type", {
  rich_text_section: section,
  rich_text_list: object(
    { type: anything(), style: oneOf("bullet", "ordered"), elements: list(section) },
    { indent: integer(0, 8), offset: integer(0, 100_000), border },
  ),
  rich_text_preformatted: object({ type: anything(), elements: list(inline) }, { border, language: text() }),
  rich_text_quote: object({ type: anything(), elements: list(inline) }, { border }),
});

/** An image block's picture: a URL, or a file that Slack has. */
export const imageSource = exactlyOne(
  { image_url: url(3_000), slack_file: anything() },
  { type: anything(), block_id: anything(), alt_text: anything(), title: anything() },
);
