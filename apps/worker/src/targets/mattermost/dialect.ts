import type { MarkdownDialect } from "../markdown.ts";

/**
 * Mattermost's Markdown. The server makes links and mentions of Slack's `<…|…>` and `<!…>` before it looks at any
 * escape, so `<` is an entity. A backslash before a letter or digit stands for itself.
 */
export const mattermostDialect: MarkdownDialect = {
  strong: "**",
  emphasis: "_",
  strike: "~~",
  code: "spans",
  marksEscapes: true,
  escape: (text) =>
    text
      .replaceAll(/\\(?![A-Za-z0-9])|[*~`[\]|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&")
      .replaceAll(/&(?=#?\w*(?:;|$))/g, "&amp;")
      .replaceAll("<", "&lt;"),
};
