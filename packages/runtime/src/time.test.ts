import { getEventListeners } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { delay, parseRetryAfterMs, toClockSkewMs } from "./time.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

describe("Retry-After", () => {
  it.each([
    ["0", 0],
    ["120", 120_000],
    [" 120 ", 120_000],
    ["1.5", 1500],
    ["0.0001", 1],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["Thursday, 01-Jan-26 00:01:00 GMT", 60_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
  ])("%j is %d ms", (value, ms) => {
    expect(parseRetryAfterMs(value, NOW)).toBe(ms);
  });

  it.each([
    null,
    undefined,
    "",
    " ",
    "-1",
    "soon",
    "1e9",
    "12345678901",
    "1,5",
    "2026-01-01T00:01:00Z",
    "0x10",
    "NaN",
  ])("%j is unreadable", (value) => {
    expect(parseRetryAfterMs(value, NOW)).toBeUndefined();
  });
});

describe("the other side's clock", () => {
  it.each([
    ["Fri, 02 Jan 2026 00:00:00 GMT", 86_400_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", -86_400_000],
    ["Thu, 01 Jan 2026 00:00:29 GMT", 0],
    ["Thu, 01 Jan 2026 00:00:31 GMT", 31_000],
    ["yesterday", 0],
    ["1767225600", 0],
    ["", 0],
    [undefined, 0],
    [null, 0],
  ])("that says %j is ahead by %d ms", (date, ms) => {
    expect(toClockSkewMs(date, NOW)).toBe(ms);
  });
});

describe("a delay", () => {
  it("lasts at least as long as it should", async () => {
    const before = performance.now();
    await delay(30);
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  });

  it("ends when its signal is aborted, before or while it runs, and leaves no listener", async () => {
    const before = performance.now();
    await delay(10_000, AbortSignal.abort());
    const controller = new AbortController();
    const running = delay(10_000, controller.signal);
    controller.abort();
    await running;
    const kept = new AbortController();
    await delay(1, kept.signal);
    expect(performance.now() - before).toBeLessThan(1000);
    expect([...getEventListeners(controller.signal, "abort"), ...getEventListeners(kept.signal, "abort")]).toEqual([]);
  });
});
