import type { MarkdownDialect } from "../markdown.ts";

const ZERO_WIDTH_SPACE = "\u200b";
const LOOKALIKES: Readonly<Record<string, string>> = { "*": "\u2217", "~": "\u223c", "`": "\u02cb", _: "\uff3f" };

// Markup that no backslash disarms: `](`, `<url|…>`, `||spoiler||`, and a backslash itself.
const APART = /\\(?![A-Za-z0-9])|\](?=[([:]|$)|<(?=\S|$)|\|(?=\||$)/g;
const MARKS = /[*~`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/** Rocket.Chat's Markdown: backslashes escape only its few marks, and nothing at all in a link's label. */
export const rocketChatDialect: MarkdownDialect = {
  strong: "*",
  emphasis: "_",
  strike: "~",
  code: "simple",
  marksEscapes: false,
  escape: (text) => setApart(text).replaceAll(MARKS, "\\$&"),
  escapeLabel: (text) => setApart(text).replaceAll(MARKS, (mark) => LOOKALIKES[mark] ?? mark),
};

function setApart(text: string): string {
  return text.replaceAll(APART, `$&${ZERO_WIDTH_SPACE}`);
}
