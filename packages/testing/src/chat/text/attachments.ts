import type { Check } from "../check/check.ts";
import { list, object, type Shape } from "../check/shapes.ts";
import { anything, boolean, matching, text } from "../check/values.ts";
import { toFields, toList, toTexts } from "../parse.ts";

const HEX_OR_NAME = /^(#[0-9a-f]{3}|#[0-9a-f]{6}|good|warning|danger)$/i;
const STRINGS = [
  ...["fallback", "pretext", "author_name", "author_link", "author_icon", "title", "title_link", "text"],
  ...["image_url", "thumb_url", "footer", "footer_icon"],
];
const fieldCheck = object({}, { title: text(), value: anything(), short: boolean() }, "ignored");

/** The attachments that Slack invented and Mattermost and Rocket.Chat took over. */
export function attachmentCheck(more: Shape = {}): Check {
  const shape = Object.fromEntries(STRINGS.map((name) => [name, text()]));
  const color = matching(HEX_OR_NAME, "#rgb, #rrggbb, good, warning or danger");
  return object({}, { ...shape, color, fields: list(fieldCheck), ...more }, "ignored");
}

/** What a person reads of an attachment, by the place it stands in. */
export function readAttachments(attachments: unknown): { where: string; text: string }[] {
  return toList(attachments).flatMap((value, index) => readAttachment(toFields(value), `attachments[${index}]`));
}

function readAttachment(attachment: Record<string, unknown>, where: string): { where: string; text: string }[] {
  const above = ["pretext", "author_name", "title", "text"].map((name) => ({ where: `${where}.${name}`, name }));
  const fields = toList(attachment.fields).flatMap((value, index) =>
    ["title", "value"].map((name) => ({ where: `${where}.fields[${index}].${name}`, value: toFields(value)[name] })),
  );
  const all = [
    ...above.map((place) => ({ where: place.where, value: attachment[place.name] })),
    ...fields,
    { where: `${where}.footer`, value: attachment.footer },
  ];
  return all.flatMap((place) => toTexts([place.value]).map((found) => ({ where: place.where, text: found })));
}
