import {
  backoffStrategy,
  exponentialWaitMs,
  LONGEST_BACKOFF_MS,
  standardWaitMs,
  toBackoffOptions,
  toTaskError,
  toVerdict,
} from "@hookline/queue";
import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";

describe("the exponential backoff", () => {
  it("doubles and stays within a fifth of it, for every attempt and every chance", () => {
    for (const intervalMs of [0, 1, 5000, 60_000, 86_400_000]) {
      for (let attempt = 1; attempt <= 60; attempt += 1) {
        for (const random of [0, 0.25, 0.5, 0.75, 0.999_999]) {
          const middle = Math.min(intervalMs * 2 ** (attempt - 1), LONGEST_BACKOFF_MS);
          const wait = exponentialWaitMs(attempt, intervalMs, random);
          expect(Number.isInteger(wait)).toBe(true);
          expect(wait).toBeGreaterThanOrEqual(Math.floor(middle * 0.8));
          expect(wait).toBeLessThanOrEqual(Math.min(Math.ceil(middle * 1.2), LONGEST_BACKOFF_MS));
        }
      }
    }
  });

  it("goes both ways from the interval", () => {
    expect(exponentialWaitMs(1, 1000, 0)).toBe(800);
    expect(exponentialWaitMs(1, 1000, 0.5)).toBe(1000);
    expect(exponentialWaitMs(4, 1000, 0.999_999_9)).toBe(9600);
  });
});

it("the standard backoff is the example schedule of Standard Webhooks, whose last wait repeats", () => {
  const minutes = Array.from({ length: 11 }, (_, index) => standardWaitMs(index + 1) / 60_000);
  expect(minutes).toEqual([1 / 12, 5, 30, 120, 300, 600, 840, 1200, 1440, 1440, 1440]);
});

describe("a job", () => {
  it("carries its policy and interval", () => {
    expect(toBackoffOptions("fixed", 5000)).toEqual({ type: "fixed", delay: 5000 });
    expect(toBackoffOptions("exponential", 5000)).toEqual({ type: "hookline-exponential", delay: 5000 });
    expect(toBackoffOptions("standard", 5000)).toEqual({ type: "hookline-standard", delay: 5000 });
  });

  it("waits by what it carries", () => {
    type Job = Parameters<typeof backoffStrategy>[3];
    const job = { opts: { backoff: toBackoffOptions("exponential", 1000) } } as unknown as Job;
    const wait = Number(backoffStrategy(3, "hookline-exponential", new Error("x"), job));
    expect(wait).toBeGreaterThanOrEqual(3200);
    expect(wait).toBeLessThanOrEqual(4800);
    expect(backoffStrategy(2, "hookline-standard", new Error("x"), job)).toBe(300_000);
  });
});

describe("an error", () => {
  it("says what becomes of the job", () => {
    expect(toVerdict(new RetryAfterError(1500.2, "target_retry_after"))).toEqual({
      kind: "wait",
      delayMs: 1501,
      reason: "target_retry_after",
    });
    expect(toVerdict(new PermanentError("gone", "it is"))).toMatchObject({
      kind: "fail",
      error: { message: "gone: it is" },
    });
    expect(toVerdict(new TemporaryError("busy", "it is"))).toMatchObject({
      kind: "retry",
      error: { message: "busy: it is" },
    });
    const bug = new Error("bug");
    expect(toVerdict(bug)).toEqual({ kind: "retry", error: bug });
    expect(toVerdict(undefined)).toMatchObject({ kind: "retry", error: { message: "undefined" } });
  });

  it("is read back from a failed job", () => {
    const message = "the target answered 500\nand more: of it";
    const { error } = toVerdict(new TemporaryError("target_refused", message)) as { error: Error };
    expect(toTaskError(error.message)).toEqual({ code: "target_refused", message });
    expect(toTaskError("job stalled more than allowable limit").code).toBe("worker_lost");
    expect(toTaskError("Cannot read properties: of undefined").code).toBe("internal_error");
  });
});
