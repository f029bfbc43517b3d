import type { MarkdownDialect } from "../markdown.ts";

/** Zulip's Markdown, which knows no backslash escapes but reads entities, after mentions and before emphasis. */
export const zulipDialect: MarkdownDialect = {
  strong: "**",
  emphasis: "*",
  strike: "~~",
  code: "spans",
  marksEscapes: true,
  escape: (text) => text.replaceAll(/[&<*~`[\]|$]/g, (character) => `&#${character.charCodeAt(0)};`),
};
