import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import {
  backoffStrategy,
  exponentialWaitMs,
  LONGEST_BACKOFF_MS,
  standardWaitMs,
  toBackoffOptions,
  toTaskError,
  toVerdict,
} from "./backoff.ts";

describe("the backoff", () => {
  it("doubles from attempt to attempt, within 20 % either way", () => {
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      const middle = 1000 * 2 ** (attempt - 1);
      expect(exponentialWaitMs(attempt, 1000, 0)).toBe(Math.round(middle * 0.8));
      expect(exponentialWaitMs(attempt, 1000, 0.5)).toBe(middle);
      expect(exponentialWaitMs(attempt, 1000, 0.999_999)).toBeLessThanOrEqual(Math.round(middle * 1.2));
    }
  });

  it("never passes a day and is always a whole, finite number, whatever the attempt", () => {
    for (const attempt of [1, 2, 31, 32, 33, 64, 101]) {
      for (const interval of [0, 1, 5000, 31_536_000_000]) {
        for (const random of [0, 0.5, 0.999]) {
          const wait = exponentialWaitMs(attempt, interval, random);
          expect(Number.isSafeInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(LONGEST_BACKOFF_MS);
        }
      }
    }
  });

  it("of the standard policy is that of Standard Webhooks' example, its last wait repeating", () => {
    const waits = Array.from({ length: 11 }, (_, index) => standardWaitMs(index + 1) / 1000);
    const hours = [2, 5, 10, 14, 20, 24, 24, 24].map((each) => each * 3600);
    expect(waits).toEqual([5, 300, 1800, ...hours]);
  });

  it("is waited by what the job carries", () => {
    type Job = Parameters<typeof backoffStrategy>[3];
    const job = { opts: { backoff: toBackoffOptions("exponential", 1000) } } as unknown as Job;
    const wait = Number(backoffStrategy(3, "hookline-exponential", new Error("x"), job));
    expect(wait).toBeGreaterThanOrEqual(3200);
    expect(wait).toBeLessThanOrEqual(4800);
    expect(backoffStrategy(2, "hookline-standard", new Error("x"), job)).toBe(300_000);
  });

  it("is BullMQ's own when it is fixed and ours otherwise", () => {
    expect(toBackoffOptions("fixed", 7)).toEqual({ type: "fixed", delay: 7 });
    expect(toBackoffOptions("exponential", 7)).toEqual({ type: "hookline-exponential", delay: 7 });
    expect(toBackoffOptions("standard", 7)).toEqual({ type: "hookline-standard", delay: 7 });
  });
});

describe("what a processor throws", () => {
  it("waits when the other side said when", () => {
    expect(toVerdict(new RetryAfterError(1500.2, "github_rate_limit"))).toEqual({
      kind: "wait",
      delayMs: 1501,
      reason: "github_rate_limit",
    });
    expect(toVerdict(new RetryAfterError(-5, "x"))).toMatchObject({ kind: "wait", delayMs: 0 });
  });

  it("waits and uses no attempt when Redis refuses to work", () => {
    const full = toVerdict(new Error("OOM command not allowed when used memory > 'maxmemory'."));
    expect(full).toMatchObject({ kind: "wait", reason: "redis_unavailable" });
  });

  it("fails at once when it is permanent and is tried again otherwise", () => {
    const permanent = toVerdict(new PermanentError("target_forbidden", "private"));
    const temporary = toVerdict(new TemporaryError("target_timeout", "slow"));
    expect([permanent.kind, temporary.kind, toVerdict(new Error("x")).kind, toVerdict("text").kind]).toEqual([
      "fail",
      "retry",
      "retry",
      "retry",
    ]);
  });

  it("keeps its code and its message, and no stack where it was expected", () => {
    const error = new TemporaryError("target_timeout", "no answer:\nin 15 s");
    const verdict = toVerdict(error);
    if (verdict.kind !== "retry") throw new Error("not retried");
    expect(toTaskError(verdict.error.message)).toEqual({ code: "target_timeout", message: "no answer:\nin 15 s" });
    expect(verdict.error.stack).toBe(verdict.error.message);
    expect(toVerdict(new Error("a bug"))).toMatchObject({ error: { stack: expect.stringContaining("backoff.test") } });
  });

  it.each([
    ["connect ECONNREFUSED 127.0.0.1:80", "internal_error"],
    ["Error: x", "internal_error"],
    ["a: b", "internal_error"],
    ["job stalled more than allowable limit", "worker_lost"],
    ["", "internal_error"],
  ])("of which we know no code is an internal error: %j", (message, code) => {
    expect(toTaskError(message)).toEqual({ code, message });
  });
});
