import { type Html, html, link, mention } from "../html.ts";
import type { Blocks, Dialect, Mark } from "./dialect.ts";
import { decodeEntities } from "./entities.ts";

const PUNCTUATION = /[!-/:-@[-`{-~]/;
const bold: Mark = { text: "**", tag: "strong", isWordBound: false };
const star: Mark = { text: "*", tag: "em", isWordBound: false };
const underscore: Mark = { text: "_", tag: "em", isWordBound: true };
const strike: Mark = { text: "~~", tag: "s", isWordBound: false };
const doubleUnderscore: Mark = { text: "__", tag: "strong", isWordBound: true };

const all: Blocks = { headings: true, lists: true, quotes: true, rules: true, tables: true, breaks: true };

/** Discord's Markdown, as it stands in an embed's description and in the values of its fields. */
export const discord: Dialect = {
  code: "everywhere",
  escapes: PUNCTUATION,
  marks: [
    { text: "||", tag: "mark", isWordBound: false },
    bold,
    { text: "__", tag: "u", isWordBound: false },
    strike,
    star,
    underscore,
  ],
  entities: "never",
  hasLinks: true,
  hasAutolinks: true,
  mentions: /@(?:everyone|here)\b/y,
  readAngle: readDiscordAngle,
  blocks: { ...all, rules: false, tables: false },
};

function readDiscordAngle(inside: string): Html | undefined {
  if (/^(@[!&]?|#)\d+$/.test(inside)) return mention(`<${inside}>`);
  return /^https?:\/\//.test(inside) ? link(inside, inside) : undefined;
}

/** Mattermost's: CommonMark, with Slack's links and mentions in the angle brackets of webhooks. */
export const mattermost: Dialect = {
  code: "everywhere",
  escapes: PUNCTUATION,
  marks: [bold, doubleUnderscore, strike, star, underscore],
  entities: "inText",
  hasLinks: true,
  hasAutolinks: true,
  mentions: /(?<![\p{L}\p{N}])@[a-z][\w.-]*/uy,
  readAngle: readSlackAngle,
  blocks: all,
};

/** What stands in `<…>` in Slack, and in what took its webhooks over. */
export function readSlackAngle(inside: string): Html | undefined {
  if (/^[@!#]/.test(inside)) return mention(`<${inside}>`);
  const [url = "", ...label] = inside.split("|");
  if (!/^(https?|mailto):/.test(url)) return undefined;
  return link(decodeEntities(url), decodeEntities(label.length === 0 ? url : label.join("|")));
}

/** Rocket.Chat's own: single marks as in Slack, double ones as in Markdown. */
export const rocketchat: Dialect = {
  code: "everywhere",
  escapes: /[*_~`#.]/,
  marks: [
    bold,
    { ...doubleUnderscore, tag: "em" },
    strike,
    { text: "||", tag: "mark", isWordBound: false },
    { text: "*", tag: "strong", isWordBound: false },
    underscore,
    { text: "~", tag: "s", isWordBound: false },
  ],
  entities: "never",
  hasLinks: true,
  hasLooseLabels: true,
  hasAutolinks: true,
  mentions: /(?<![\p{L}\p{N}])@[\w.-]+/uy,
  readAngle: readSlackAngle,
  blocks: { ...all, rules: false, tables: false },
};

/** Zulip's: no escapes, entities instead, no underscores; the words of a link are plain. */
export const zulip: Dialect = {
  code: "everywhere",
  marks: [bold, strike, star],
  entities: "inText",
  hasLinks: true,
  hasPlainLabels: true,
  hasAutolinks: true,
  mentions: /@_?(?:\*\*[^*\n]+\*\*|\*[^*\n]+\*)/y,
  readAngle: (inside) => (inside.startsWith("time:") ? html`<time>${inside.slice(5)}</time>` : undefined),
  blocks: all,
};

/** That of a TextBlock in an Adaptive Card: a single line break is a blank. */
export const adaptiveCard: Dialect = {
  code: "never",
  escapes: PUNCTUATION,
  marks: [bold, doubleUnderscore, star, underscore],
  entities: "inText",
  hasLinks: true,
  hasAutolinks: false,
  readAngle: (inside) => (/^\/?at\b/.test(inside) ? mention(`<${inside}>`) : undefined),
  blocks: { headings: false, lists: true, quotes: false, rules: false, tables: false, breaks: false },
};

const wordBound = (text: string, tag: Mark["tag"]): Mark => ({ text, tag, isWordBound: true });

/** Slack's mrkdwn: no escapes but entities, marks at the edges of words only. */
export const slack: Dialect = {
  code: "outsideOfWords",
  marks: [wordBound("*", "strong"), wordBound("_", "em"), wordBound("~", "s")],
  entities: "everywhere",
  hasLinks: false,
  hasAutolinks: false,
  readAngle: readSlackAngle,
  blocks: { headings: false, lists: false, quotes: true, rules: false, tables: false, breaks: true },
};

/** Text beside cards in Google Chat. */
export const googleChatText: Dialect = {
  ...slack,
  entities: "never",
  hasAutolinks: true,
  readAngle: (inside) => (inside.startsWith("users/") ? mention(`<${inside}>`) : readSlackAngle(inside)),
};
