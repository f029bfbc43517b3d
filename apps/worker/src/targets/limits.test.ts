import { describe, expect, it } from "@jest/globals";
import { toIntervalMs, toLimits } from "./limits.ts";

describe("a target's limits", () => {
  it.each([
    ["5/s", 200],
    ["1/s", 1000],
    ["20/min", 3000],
    ["100/h", 36_000],
    ["7/s", 143],
    ["100000/s", 1],
  ])("at %s leave %i ms between requests", (rate, ms) => {
    expect(toIntervalMs(rate)).toBe(ms);
  });

  it.each(["", "5", "5/d", "0/s", "-1/s", "1.5/s", "/s"])("know no pace like %j", (rate) => {
    expect(() => toIntervalMs(rate)).toThrow("is no pace");
  });

  it("are its own, else its kind's and TARGET_TIMEOUT", () => {
    const defaults = { intervalMs: 1000, maxInFlight: 1 };
    expect(toLimits({}, defaults, 15_000)).toEqual({ intervalMs: 1000, maxInFlight: 1, timeoutMs: 15_000 });
    expect(toLimits({ rate: "10/s", timeout: 500, maxInFlight: 4 }, defaults, 15_000)).toEqual({
      intervalMs: 100,
      maxInFlight: 4,
      timeoutMs: 500,
    });
  });
});
