import { both, type Check, type Problem, problem } from "../check/check.ts";
import { list, object } from "../check/shapes.ts";
import { boolean, integer, matching, oneOf, text, url } from "../check/values.ts";
import { type Fields, toFields, toList, toText } from "../parse.ts";

// discord.com/developers/docs, "Embed limits" and "Execute Webhook".
const MAX_EMBEDS_TEXT = 6_000;
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;

function lax(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return object(required, optional, "ignored");
}

const picture = lax({ url: url() });
const embed = lax(
  {},
  {
    title: text({ max: 256 }),
    description: text({ max: 4_096 }),
    url: url(),
    timestamp: matching(ISO, "an ISO 8601 timestamp"),
    color: integer(0, 0xffffff),
    footer: lax({ text: text({ max: 2_048 }) }, { icon_url: url() }),
    author: lax({ name: text({ max: 256 }) }, { url: url(), icon_url: url() }),
    image: picture,
    thumbnail: picture,
    fields: list(lax({ name: trimmed(256), value: trimmed(1_024) }, { inline: boolean() }), 0, 25),
  },
);

/** Something other than white space. */
function trimmed(max: number): Check {
  const inner = text({ min: 1, max });
  return (value, path) => inner(typeof value === "string" ? value.trim() : value, path);
}

const ids = list(text({ min: 1 }), 0, 100);
const allowedMentions = both(
  lax({}, { parse: list(oneOf("roles", "users", "everyone")), users: ids, roles: ids, replied_user: boolean() }),
  (value, path) => {
    const { parse, ...lists } = toFields(value);
    const twice = ["users", "roles"].filter((name) => toList(parse).includes(name) && toList(lists[name]).length > 0);
    return twice.map((name) =>
      problem([...path, name], "value", `parse:["${name}"] and ${name}: [ids...] are exclusive`),
    );
  },
);

const message = lax(
  {},
  {
    content: text({ max: 2_000 }),
    username: both(text({ min: 1, max: 80 }), matching(/^(?!.*(discord|clyde)).*$/is, "no reserved name")),
    avatar_url: url(),
    tts: boolean(),
    embeds: list(embed, 0, 10),
    allowed_mentions: allowedMentions,
    thread_name: text({ min: 1, max: 100 }),
    applied_tags: ids,
    flags: integer(0, 2 ** 31),
  },
);

/** All that is wrong with a message's form. */
export function checkMessage(payload: Fields): Problem[] {
  const problems = message(payload, []);
  const length = toList(payload.embeds).reduce<number>((sum, value) => sum + toEmbedTexts(value).join("").length, 0);
  if (length <= MAX_EMBEDS_TEXT) return problems;
  const tooLong = problem(["embeds"], "count", `Embed size exceeds maximum size of ${MAX_EMBEDS_TEXT}`);
  return [...problems, tooLong];
}

/** What Discord counts of an embed, in the order in which it is read. */
export function toEmbedTexts(value: unknown): string[] {
  const { author, title, description, fields, footer } = toFields(value);
  const inFields = toList(fields).flatMap((field) => [toFields(field).name, toFields(field).value]);
  const all = [toFields(author).name, title, description, ...inFields, toFields(footer).text];
  return all.map(toText).filter((part) => part !== "");
}

/** Whether there is nothing to show. */
export function isEmpty(payload: Fields): boolean {
  const hasEmbed = toList(payload.embeds).some((value) => {
    const { image, thumbnail } = toFields(value);
    return toEmbedTexts(value).some((part) => part.trim() !== "") || image !== undefined || thumbnail !== undefined;
  });
  return toText(payload.content).trim() === "" && !hasEmbed;
}
