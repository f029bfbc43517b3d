import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecretMatcher } from "@hookline/runtime";
import { expect, it } from "@jest/globals";

/** Long, so that a comparison which stops early would stop much earlier. */
const SECRET = randomBytes(2048).toString("hex");
const flip = (at: number) => `${SECRET.slice(0, at)}${SECRET[at] === "0" ? "1" : "0"}${SECRET.slice(at + 1)}`;
const FIRST = flip(0);
const LAST = flip(SECRET.length - 1);

/** How much longer one guess takes than another: the ratio of the medians of many batches, taken in turn. */
function ratio(matches: (given: string) => boolean, one: string, other: string): number {
  const times: [number[], number[]] = [[], []];
  for (let batch = 0; batch < 200; batch += 1) {
    times[0].push(timeOf(matches, one));
    times[1].push(timeOf(matches, other));
  }
  return median(times[0]) / median(times[1]);
}

function timeOf(matches: (given: string) => boolean, guess: string): number {
  const before = performance.now();
  for (let n = 0; n < 20; n += 1) matches(guess);
  return performance.now() - before;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** What nobody should write: it stops at the first character that differs. */
function naive(given: string): boolean {
  for (let at = 0; at < SECRET.length; at += 1) if (given[at] !== SECRET[at]) return false;
  return given.length === SECRET.length;
}

const matches = createSecretMatcher([SECRET, "another"]);
/** Far from 1, and far from what the naive comparison shows (thousands). */
const isEven = (value: number) => value > 0.5 && value < 2;

it("a guess that is wrong at its end takes no longer than one that is wrong at once", () => {
  expect(matches(SECRET)).toBe(true);
  expect([FIRST, LAST].map(matches)).toEqual([false, false]);
  expect(isEven(ratio(matches, LAST, FIRST))).toBe(true);
});

it("a right guess takes no longer than a wrong one, nor does the second key than the first", () => {
  expect(isEven(ratio(matches, SECRET, FIRST))).toBe(true);
  expect(isEven(ratio(createSecretMatcher(["x", SECRET]), SECRET, FIRST))).toBe(true);
});

it("how long the key is does not show: a guess of its length takes what it takes beside any other key", () => {
  const besideShort = createSecretMatcher(["short", "another"]);
  const times = [timesOf(matches), timesOf(besideShort)];
  expect(isEven((times[0] ?? 0) / (times[1] ?? 1))).toBe(true);
});

function timesOf(each: (given: string) => boolean): number {
  return median(Array.from({ length: 200 }, () => timeOf(each, FIRST)));
}

it("the same measurement sees a comparison that stops early", () => {
  expect(isEven(ratio(naive, LAST, FIRST))).toBe(false);
});

it("is so by construction: digests of equal length are compared, and always all of them", () => {
  const source = readFileSync(new URL("../../packages/runtime/src/secrets.ts", import.meta.url), "utf8");
  expect(source).toContain("timingSafeEqual(entry.digest, candidate)");
  expect(source).toContain("known.filter(");
  expect(source).not.toMatch(/\.find\(|\.some\(|===\s*secret/);
});
