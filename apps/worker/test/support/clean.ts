import { expect } from "@jest/globals";

/** Bidirectional controls, invisible characters, halves of characters: with them a text can pass for another. */
const FORBIDDEN = /[\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u2028\u2029]/u;
const CONTROLS = /\p{Cc}/u;
const CONTROLS_BUT_LINES = /[^\P{Cc}\n\t]/u;

/** Fails unless every text of a message or rich text is clean and every address absolute http, https or mailto. */
export function expectClean(value: unknown): void {
  if (Array.isArray(value)) {
    for (const each of value) expectClean(each);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (typeof member !== "string") expectClean(member);
    else if (key === "url" || key === "avatarUrl") expect(member).toMatch(/^(?:https?:\/\/|mailto:)[!-~]*$/);
    else expectCleanText(member, "type" in value && value.type === "code" ? CONTROLS_BUT_LINES : CONTROLS);
  }
}

function expectCleanText(text: string, controls: RegExp): void {
  // Matching first keeps thousands of texts quick to check.
  if (FORBIDDEN.test(text) || controls.test(text)) expect(text).toBe("a clean text");
}
