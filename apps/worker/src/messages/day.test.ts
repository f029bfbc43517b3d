import { describe, expect, it } from "@jest/globals";
import { toDay, toMinute } from "./day.ts";

describe("a day", () => {
  it.each([
    ["2026-11-21T12:00:00Z", "UTC", "2026-11-21"],
    ["2026-11-21T23:59:59.999Z", "UTC", "2026-11-21"],
    ["2026-11-22T00:00:00.000Z", "UTC", "2026-11-22"],
    ["2026-11-21T23:30:00Z", "Europe/Berlin", "2026-11-22"],
    ["2026-11-21T04:59:00Z", "America/New_York", "2026-11-20"],
    ["2026-12-31T10:00:00Z", "Pacific/Kiritimati", "2027-01-01"],
    ["2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-29"],
    ["2026-11-21T23:30:00+05:00", "UTC", "2026-11-21"],
  ])("of %s in %s is %s", (iso, timeZone, day) => {
    expect(toDay(iso, timeZone)).toBe(day);
  });

  it("cannot be told of what is no time or in what is no time zone", () => {
    expect(() => toDay("yesterday", "UTC")).toThrow(RangeError);
    expect(() => toDay("2026-11-21T12:00:00Z", "Mars/Olympus")).toThrow(RangeError);
  });
});

describe("a minute", () => {
  it.each([
    ["2026-11-21T12:00:59Z", "UTC", "2026-11-21 12:00 UTC"],
    ["2026-11-21T00:05:00Z", "UTC", "2026-11-21 00:05 UTC"],
    ["2026-11-21T12:00:00Z", "Europe/Berlin", "2026-11-21 13:00 GMT+1"],
    ["2026-07-21T12:00:00Z", "America/New_York", "2026-07-21 08:00 EDT"],
  ])("of %s in %s reads %s", (iso, timeZone, minute) => {
    expect(toMinute(iso, timeZone)).toBe(minute);
  });
});
