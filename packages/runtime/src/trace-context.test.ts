import { describe, expect, it } from "@jest/globals";
import { parseTraceContext, toTraceId } from "./trace-context.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const GOOD = `00-${TRACE}-${PARENT}-01`;

describe("parseTraceContext", () => {
  it("takes what the specification shows", () => {
    const state = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";
    expect(parseTraceContext(GOOD, state)).toEqual({ traceparent: GOOD, tracestate: state });
    expect(toTraceId({ traceparent: GOOD })).toBe(TRACE);
  });

  it("reads what it knows of later versions and flags, and sends on version 00", () => {
    expect(parseTraceContext(`cc-${TRACE}-${PARENT}-ff-more`)).toEqual({ traceparent: GOOD });
    expect(parseTraceContext(`00-${TRACE}-${PARENT}-02`)).toEqual({ traceparent: `00-${TRACE}-${PARENT}-00` });
  });

  it.each([
    ["nothing", undefined],
    ["an empty one", ""],
    ["version ff", `ff-${TRACE}-${PARENT}-01`],
    ["a trace of zeros", `00-${"0".repeat(32)}-${PARENT}-01`],
    ["a parent of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["upper case", GOOD.toUpperCase()],
    ["version 00 with more", `${GOOD}-more`],
    ["one that is cut", GOOD.slice(0, -1)],
    ["blanks around it", ` ${GOOD} `],
    ["two of them, as Node joins them", `${GOOD}, ${GOOD}`],
    ["a line break", `${GOOD}\n`],
    ["a very long one", `01-${TRACE}-${PARENT}-01-${"x".repeat(100_000)}`],
  ])("ignores %s", (_, traceparent) => {
    expect(parseTraceContext(traceparent, "a=b")).toBeUndefined();
  });

  it.each([
    ["longer than 512 characters", `a=${"x".repeat(512)}`],
    ["of more than 32 entries", Array.from({ length: 33 }, (_, index) => `k${index}=v`).join(",")],
    ["with a bad key", "A=b"],
    ["with a control character", "a=b\u0007"],
    ["with nothing in it", " , ,"],
  ])("leaves out a state %s", (_, state) => {
    expect(parseTraceContext(GOOD, state)).toEqual({ traceparent: GOOD });
  });

  it("is linear in what strangers write", () => {
    const startedAt = performance.now();
    for (const state of [
      " ".repeat(512),
      "a".repeat(512),
      "a@".repeat(256),
      `a=${" ".repeat(510)}`,
      "=,".repeat(256),
    ]) {
      for (let round = 0; round < 100; round += 1) parseTraceContext(GOOD, state);
    }
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
