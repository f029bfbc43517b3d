import type { Section } from "./target.ts";
import { measure } from "./text.ts";

const grouped = new Intl.NumberFormat("en-US");

/**
 * As many rendered lines as have room in `max` UTF-16 units, and below them how many more there are; `toMore` renders
 * that line.
 */
export function fitLines(
  lines: readonly string[],
  left: number,
  toMore: (count: string) => string,
  max: number,
): string {
  for (let kept = lines.length; ; kept -= 1) {
    const count = left + lines.length - kept;
    const shown = count > 0 ? [...lines.slice(0, kept), toMore(grouped.format(count))] : lines.slice(0, kept);
    const text = shown.join("\n");
    if (kept === 0 || measure(text, "utf16") <= max) return text;
  }
}

/** More lists than this nobody reads; the services' limits have room for them, shortened. */
export const MOST_SECTIONS = 10;

/** The sections worth showing, and a line that says how many there are besides. */
export function takeSections(sections: readonly Section[]): { taken: readonly Section[]; rest: string | undefined } {
  const left = sections.length - MOST_SECTIONS;
  const rest = left > 0 ? `… and ${grouped.format(left)} more lists` : undefined;
  return { taken: sections.slice(0, MOST_SECTIONS), rest };
}
