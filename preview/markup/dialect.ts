import type { Html } from "../html.ts";

/** What of Markdown a service understands. */
export interface Dialect {
  /** What a backslash takes the meaning from. */
  readonly escapes?: RegExp;
  /** Longer ones first. */
  readonly marks: readonly Mark[];
  /** Whether backticks mark code everywhere, outside of words only, or never. */
  readonly code: "everywhere" | "outsideOfWords" | "never";
  /** Whether `&lt;` is read as `<`: not at all, in text, or in code too. */
  readonly entities: "never" | "inText" | "everywhere";
  /** Whether `[words](url)` is a link. */
  readonly hasLinks: boolean;
  /** Whether marks stand for themselves in a link's words. */
  readonly hasPlainLabels?: boolean;
  /** Whether a link's words may hold any brackets. */
  readonly hasLooseLabels?: boolean;
  /** Whether addresses become links by themselves. */
  readonly hasAutolinks: boolean;
  /** What would call people: sticky. */
  readonly mentions?: RegExp;
  /** What stands between `<` and `>`, where the service reads something in it. */
  readonly readAngle?: (inside: string) => Html | undefined;
  readonly blocks: Blocks;
}

export interface Mark {
  readonly text: string;
  readonly tag: "strong" | "em" | "s" | "u" | "mark";
  /** Whether it does nothing inside of a word. */
  readonly isWordBound: boolean;
}

export interface Blocks {
  readonly headings: boolean;
  readonly lists: boolean;
  readonly quotes: boolean;
  readonly rules: boolean;
  readonly tables: boolean;
  /** Whether a line break is shown as one. */
  readonly breaks: boolean;
}
