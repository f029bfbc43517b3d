import { describe, expect, test } from "@jest/globals";
import { judgeLimit, readBudget, toBlockedUntil } from "./limit-decision.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const HOUR_MS = 3_600_000;

function answer(status: number, headers: Record<string, string> = {}, message = "No") {
  return { status, headers, body: JSON.stringify({ message }) };
}

describe("a limit", () => {
  test("is secondary when it says when to come back, also with a budget left or spent", () => {
    const expected = { kind: "secondary", retryAfterMs: 30_000 };
    expect(judgeLimit(answer(403, { "retry-after": "30", "x-ratelimit-remaining": "4000" }), NOW)).toEqual(expected);
    expect(judgeLimit(answer(429, { "retry-after": "30", "x-ratelimit-remaining": "0" }), NOW)).toEqual(expected);
    const date = answer(403, { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" });
    expect(judgeLimit(date, NOW)).toEqual(expected);
  });

  test("is primary when the budget is spent, as 403 and as 429", () => {
    expect(judgeLimit(answer(403, { "x-ratelimit-remaining": "0" }), NOW)).toEqual({ kind: "primary" });
    expect(judgeLimit(answer(429, { "x-ratelimit-remaining": "0" }), NOW)).toEqual({ kind: "primary" });
  });

  test("is secondary when only the message or a bare 429 tells", () => {
    const expected = { kind: "secondary", retryAfterMs: undefined };
    const left = { "x-ratelimit-remaining": "4000" };
    expect(judgeLimit(answer(403, left, "You have exceeded a secondary rate limit."), NOW)).toEqual(expected);
    expect(judgeLimit(answer(403, {}, "You have triggered an abuse detection mechanism."), NOW)).toEqual(expected);
    expect(judgeLimit({ status: 429, headers: left, body: "<html>" }, NOW)).toEqual(expected);
    expect(judgeLimit(answer(429, { "retry-after": "soon" }), NOW)).toEqual(expected);
  });

  test("that asks for no wait or for years waits a second or a day", () => {
    expect(judgeLimit(answer(429, { "retry-after": "0" }), NOW)).toMatchObject({ retryAfterMs: 1000 });
    expect(judgeLimit(answer(429, { "retry-after": "99999999" }), NOW)).toMatchObject({ retryAfterMs: 24 * HOUR_MS });
  });
});

test("a 403 for another reason is no limit", () => {
  const left = { "x-ratelimit-remaining": "4999" };
  const tooLarge = "The history or contributor list is too large to list contributors for this repository via the API.";
  expect(judgeLimit(answer(403, left, tooLarge), NOW)).toEqual({ kind: "none" });
  expect(judgeLimit(answer(403, left, "Repository access blocked"), NOW)).toEqual({ kind: "none" });
  expect(judgeLimit(answer(404, { "x-ratelimit-remaining": "0" }), NOW)).toEqual({ kind: "none" });
});

describe("a budget", () => {
  const headers = {
    "x-ratelimit-limit": "60",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(NOW / 1000 + 90),
  };

  test("is read from the headers of any answer", () => {
    expect(readBudget(headers, "core")).toEqual({ resource: "core", limit: 60, remaining: 0, resetAt: NOW + 90_000 });
    expect(readBudget({ ...headers, "x-ratelimit-resource": "graphql" }, "core")?.resource).toBe("graphql");
    expect(readBudget({ ...headers, "x-ratelimit-resource": "search" }, "core")?.resource).toBe("core");
    expect(readBudget({}, "core")).toBeUndefined();
    expect(readBudget({ "x-ratelimit-remaining": "many" }, "core")).toBeUndefined();
  });

  test("blocks until its reset when it is spent, and not before", () => {
    const budget = { resource: "core", limit: 60, remaining: 0, resetAt: NOW + 90_000 } as const;
    expect(toBlockedUntil(budget, NOW)).toBe(NOW + 90_000);
    expect(toBlockedUntil({ ...budget, remaining: 1 }, NOW)).toBe(0);
  });

  test("with a reset that is past blocks a minute, with one beyond a day a day", () => {
    const budget = { resource: "core", limit: 60, remaining: 0, resetAt: NOW - 5000 } as const;
    expect(toBlockedUntil(budget, NOW)).toBe(NOW + 60_000);
    expect(toBlockedUntil({ ...budget, resetAt: NOW + 1000 * HOUR_MS }, NOW)).toBe(NOW + 24 * HOUR_MS);
  });
});

describe.each([-1, 1])("a clock that is %i day off GitHub's", (days) => {
  const theirs = NOW + days * 24 * HOUR_MS;
  const date = new Date(theirs).toUTCString();

  test("makes no reset earlier or later", () => {
    const headers = { date, "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(theirs / 1000 + 600) };
    const budget = readBudget(headers, "core", NOW);
    expect(budget?.resetAt).toBe(NOW + 600_000);
    expect(budget && toBlockedUntil(budget, NOW)).toBe(NOW + 600_000);
  });

  test("makes no wait shorter or longer", () => {
    const headers = { date, "retry-after": new Date(theirs + 60_000).toUTCString() };
    expect(judgeLimit(answer(429, headers), NOW)).toEqual({ kind: "secondary", retryAfterMs: 60_000 });
  });
});
