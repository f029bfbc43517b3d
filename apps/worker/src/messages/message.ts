import type { RichText } from "./rich-text.ts";

/**
 * A digest or an event told to people, independent of the target. All texts are plain and on one line, in English,
 * and come from strangers where a title or a name stands in them: every renderer escapes, shortens and silences them.
 */
export interface Message {
  readonly title: string;
  /** Where the title leads: absolute, http or https. */
  readonly url: string | undefined;
  /** The message in one line, for notifications and services without structure. */
  readonly summary: string;
  readonly author: Author | undefined;
  /** The state in a word or a few, with what it means: `3 new issues` is news, `target disabled` is bad. */
  readonly status: Status;
  /** Three to six, the most important first. */
  readonly facts: readonly Fact[];
  /** What somebody wrote. */
  readonly body: RichText;
  /** Lists, what changed first. */
  readonly sections: readonly Section[];
  /** Where this comes from and how fresh it is. */
  readonly footer: string;
  /** ISO 8601: when it was made. */
  readonly at: string;
  /** What later messages of the day belong to. */
  readonly thread: Thread | undefined;
}

export interface Author {
  readonly name: string;
  readonly avatarUrl: string | undefined;
}

export interface Status {
  readonly tone: "good" | "news" | "quiet" | "warning" | "bad";
  readonly text: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
  /** How many of the whole list are not among `items`, and where all are to be seen. */
  readonly more: { readonly count: number; readonly url: string | undefined } | undefined;
}

export interface Item {
  readonly text: string;
  readonly url: string | undefined;
  /** Beside the text, quieter: an author, a number. */
  readonly note: string | undefined;
}

export interface Thread {
  /** Stays the same as long as the subject does. */
  readonly key: string;
  /** What the thread is about, for services that name threads: need not stay the same. */
  readonly label: string;
  /** Where the subject is to be seen. */
  readonly url: string | undefined;
}
