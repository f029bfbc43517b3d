import { describe, expect, it } from "@jest/globals";
import { lintExposition, parseExposition } from "./exposition.ts";

const GOOD = `# HELP a_seconds Time.
# TYPE a_seconds histogram
a_seconds_bucket{le="1",kind="x\\"y"} 2
a_seconds_bucket{le="+Inf",kind="x\\"y"} 3
a_seconds_sum{kind="x\\"y"} 4.5
a_seconds_count{kind="x\\"y"} 3
# HELP b_total Things.
# TYPE b_total counter
b_total +Inf
`;

describe("parseExposition", () => {
  it("reads families with their samples and labels", () => {
    const [histogram, counter] = parseExposition(GOOD);
    expect(histogram).toMatchObject({ name: "a_seconds", help: "Time.", type: "histogram" });
    expect(histogram?.samples).toHaveLength(4);
    expect(histogram?.samples[0]).toEqual({ name: "a_seconds_bucket", labels: { le: "1", kind: 'x\\"y' }, value: 2 });
    expect(counter?.samples).toEqual([{ name: "b_total", labels: {}, value: Number.POSITIVE_INFINITY }]);
  });

  it("refuses what is no line of the format", () => {
    expect(() => parseExposition("<html>")).toThrow("not a line");
  });
});

describe("lintExposition", () => {
  it("finds nothing in a good scrape", () => {
    expect(lintExposition(GOOD, 5)).toEqual([]);
  });

  it.each([
    ["b 1", "b has no HELP"],
    ["# HELP b x\n# TYPE b counter\nb 1", "b is a counter and does not end in _total"],
    ["# HELP a:b x\n# TYPE a:b gauge\na:b 1", "a:b has a colon, which is for recording rules"],
    ["# HELP b_ms x\n# TYPE b_ms gauge\nb_ms 1", "b_ms is not in a base unit"],
    ['# HELP b x\n# TYPE b gauge\nb{c="1"} 1\nb{c="2"} 1', "b: too many values of c"],
    ["# HELP b x\n# TYPE b gauge\nb 1\nb 2", "b: a series is told twice"],
  ])("finds what is wrong with %j", (text, problem) => {
    expect(lintExposition(text, 1)).toContain(problem);
  });
});
