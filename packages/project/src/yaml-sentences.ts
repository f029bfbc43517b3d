import type { ErrorCode } from "yaml";

/** The parser's own sentences may repeat what stands in the file, and that may be a secret. */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: "is indented wrongly, or a bracket before it is not closed",
  BLOCK_AS_IMPLICIT_KEY: "has two names on one line: a text with a colon needs quotes",
  BLOCK_IN_FLOW: "begins a block inside { } or [ ]",
  BAD_DQ_ESCAPE: 'has an escape that YAML does not know: in "…" a backslash is written \\\\',
  BAD_SCALAR_START: "begins with a character that YAML keeps for itself: the text needs quotes",
  DUPLICATE_KEY: "stands here a second time",
  MISSING_CHAR: "lacks a closing quote or bracket, or a comma; ${VARIABLE} inside { } or [ ] needs quotes",
  MULTILINE_IMPLICIT_KEY: "is a name that goes on in the next line: a colon is missing or misplaced",
  MULTIPLE_DOCS: "begins a second document; there may be one",
  NON_STRING_KEY: "is a name that is no text",
  TAB_AS_INDENT: "is indented by a tab: YAML takes blanks",
  TAG_RESOLVE_FAILED: "has a tag (!…) or a kind of value that is not taken here",
  UNEXPECTED_TOKEN: "is not expected here; ${VARIABLE} inside { } or [ ] needs quotes",
};

export function toSentence(code: ErrorCode): string {
  return SENTENCES[code] ?? `is no YAML (${code})`;
}
