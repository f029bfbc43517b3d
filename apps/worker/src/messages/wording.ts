import { toLine } from "../targets/text.ts";

const numbers = new Intl.NumberFormat("en-US");

/** `1,234`. */
export function toNumber(value: number): string {
  return numbers.format(value);
}

/** `1 issue`, `1,234 issues`. */
export function toCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${toNumber(count)} ${count === 1 ? singular : plural}`;
}

/** `some_unknown::Kind` in words: `Some unknown kind`. */
export function toWords(name: string): string {
  const spaced = name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replaceAll(/[\s_:.-]+/g, " ")
    .trim();
  return toCapitalised(toLine(spaced.toLowerCase()));
}

export function toCapitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A stranger's text on one line, or what to say when nothing of it can be seen. */
export function toTextOr(text: string | null | undefined, otherwise: string): string {
  const line = toLine(text ?? "");
  return line === "" ? otherwise : line;
}
