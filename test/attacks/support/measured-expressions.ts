import type { Found } from "./regular-expressions.ts";

/** An expression that the detector cannot prove safe, and texts of growing length on which it would take its time. */
export interface Measured {
  readonly source: string;
  /** Why it is none the less. The test measures it. */
  readonly because: string;
  readonly attacks: readonly ((length: number) => string)[];
}

const fill =
  (start: string, unit: string, end = "") =>
  (length: number) =>
    start + unit.repeat(Math.ceil(length / unit.length)) + end;

/** Expressions whose texts are ours alone: no request, answer or file reaches them. */
const OURS = "our own operations' paths and pages";

export const measured: readonly Measured[] = [
  { source: "\\{\\w+\\}", because: OURS, attacks: [fill("{", "a")] },
  { source: "\\{(\\w+)\\}", because: OURS, attacks: [fill("{", "a")] },
  {
    source:
      "^\\/api\\/queues\\/(?:[^/]+\\/){0,2}(?:pause|resume|promote|retry|clean|empty|delay|priority)(?:\\/[a-z-]+)?$",
    because: "it is anchored, and the parts that repeat are told apart by slashes",
    attacks: [fill("/api/queues/", "a"), fill("/api/queues/", "a/"), fill("/api/queues/a/pause/", "a", "/")],
  },
  {
    source: "<link [^<>]*>",
    because: "it stops at the next bracket, where another match begins",
    attacks: [fill("", "<link "), fill("<link ", "a"), fill("<link ", '<link href="https:')],
  },
  {
    source:
      "^(?:[a-z][a-z0-9_\\-*/]{0,255}|[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13})=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]$",
    because: "it is anchored, and every run in it has a greatest length",
    attacks: [fill("", "a"), fill("a@a", "a"), fill(`${"a".repeat(200)}@abc=`, " "), fill("a=", "a", ",")],
  },
  {
    source: '<([^<>]*)>((?:\\s*;\\s*[^,;"]+(?:"[^"]*")?)*)',
    because: "nothing has to follow what repeats, so that it never goes back",
    attacks: [
      fill("", "<"),
      fill("<>", ";a"),
      fill("<>", ' ; a="'),
      fill("<>", " "),
      fill("", "<>; "),
      fill("<>;", " "),
    ],
  },
  {
    source: ';\\s*rel\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))',
    because: "a run of blanks is gone through once for the semicolon before it",
    attacks: [fill(";", " "), fill(";rel", " "), fill(";rel=", " "), fill("", ';rel="'), fill("", "; rel= ")],
  },
  {
    source: '(?<![\\p{L}\\p{N}])https?:\\/\\/[^\\s<>"|\\\\`]+',
    because: "an address takes all that may be in one, and nothing has to follow",
    attacks: [fill("", "http://"), fill("http://", "a"), fill("", "h"), fill("", "https:/")],
  },
  {
    source: '"channel_id"\\s*:\\s*"(\\d+)"',
    because: "a run of blanks or digits is gone through once for the name before it",
    attacks: [fill('"channel_id"', " "), fill('"channel_id":"', "1"), fill("", '"channel_id":"1')],
  },
  {
    source: '"ts"\\s*:\\s*"(\\d+\\.\\d+)"',
    because: "a run of blanks or digits is gone through once for the name before it",
    attacks: [fill('"ts"', " "), fill('"ts":"', "1"), fill('"ts":"1.', "1"), fill("", '"ts":"1.1')],
  },
  {
    source: '^\\s*\\{\\s*"ok"\\s*:\\s*true\\s*,\\s*"result"\\s*:\\s*\\{\\s*"message_id"\\s*:\\s*(\\d+)',
    because: "it is anchored, and every run of blanks ends with a character that is none",
    attacks: [fill("", " "), fill("{", " "), fill('{"ok":true,', " "), fill('{"ok":true,"result":{"message_id":', " ")],
  },
  {
    source: "<[^<>]*>",
    because: "it stops at the next bracket, where another match begins",
    attacks: [fill("", "<"), fill("<", "a"), fill("", "<a")],
  },
  {
    source: "not in the \\w+ state|missing key",
    because: "a word is gone through once for the words before it",
    attacks: [fill("not in the ", "a"), fill("", "not in the a")],
  },
  {
    source: "(?<!\\/)\\/+$",
    because: "a run of slashes is gone through from its first only",
    attacks: [fill("", "/", "x"), fill("", "//x")],
  },
  {
    source: "(?<!\\/)\\/*$",
    because: "a run of slashes is gone through from its first only",
    attacks: [fill("", "/", "x"), fill("", "//x")],
  },
];

export function isMeasured({ source }: Found): boolean {
  return measured.some((each) => each.source === source);
}
