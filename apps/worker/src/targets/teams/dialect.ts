import type { MarkdownDialect } from "../markdown.ts";

const ZERO_WIDTH_SPACE = "\u200b";

/**
 * The Markdown of an Adaptive Card's TextBlock: emphasis, links and lists. Tags, entities and the functions
 * `{{DATE(…)}}` and `{{TIME(…)}}` are set apart where backslashes mean nothing.
 */
export const teamsDialect: MarkdownDialect = {
  strong: "**",
  emphasis: "_",
  // Not known to all clients; where it is not, the marks tell as much.
  strike: "~~",
  code: "none",
  marksEscapes: true,
  escape: (text) => setApart(text).replaceAll(/\\(?![A-Za-z0-9])|[*`[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&"),
};

/** Where a card shows plain text, such as an action's title. */
export function setApart(text: string): string {
  return text.replaceAll(/<(?=\S|$)|\{(?=\{|$)|&(?=#?\w*(?:;|$))/g, `$&${ZERO_WIDTH_SPACE}`);
}
