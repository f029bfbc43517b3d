// An opening line with more backticks in it is a span; a fence that nobody closes reaches to the end of the text.
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})[^\n]*(?:\n[\s\S]*?(?:\n {0,3}\1[`~]*[ \t]*$|(?![\s\S]))|(?![\s\S]))/gm;
// As many backticks at its end as at its beginning, and no empty line between.
const SPAN = /(?<![`\\])(`+)(?!`)((?:(?!\n\s*\n)[\s\S])*?[^`])\1(?!`)/g;

/** Markdown with code blocks and code spans taken out, in which services see no mentions. Indented code is left in. */
export function withoutCode(markdown: string): string {
  return markdown.replace(FENCE, " ").replace(SPAN, " ");
}
