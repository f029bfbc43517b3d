import { describe, expect, test } from "@jest/globals";
import { parseArguments, quantile, type Report, type Row, toColumns, toFigure, toRatio, toText } from "./bench.ts";
import { forEachAtOnce } from "./poster.ts";
import { parseCpuSeconds, parseMachineTime } from "./process-stats.ts";
import { toKind } from "./redis-keys.ts";
import { toTaskIdOf } from "./sink.ts";
import { selectPrograms, toTable } from "./summary.ts";

const ROW: Row = {
  what: "posts",
  value: toFigure([1200, 1000, 1500]),
  unit: "/s",
  baseline: toFigure([1000]),
  ratio: toFigure([1.234, 1.0, 1.5]),
  reach: "≥ 1 ×",
  isReached: true,
};
const REPORT: Report = {
  name: "posts",
  title: "Posts",
  machine: { cpu: "some", cores: 2, system: "linux x64", node: "v20" },
  runs: 3,
  seconds: 1.5,
  rows: [ROW, { what: "of that errors", value: toFigure([0]), unit: "", reach: "" }],
};

describe("figures", () => {
  test("are the median with the spread, of an even number of runs the mean of the middle two", () => {
    expect(toFigure([3, 1, 2])).toEqual({ median: 2, least: 1, greatest: 3 });
    expect(toFigure([10, 1, 2, 3])).toEqual({ median: 2.5, least: 1, greatest: 10 });
    expect(() => toFigure([])).toThrow("no runs");
  });

  test("compare each run with its own baseline, so that a slow moment of the machine cancels out", () => {
    expect(toRatio([100, 10, 50], [50, 5, 25])).toEqual({ median: 2, least: 2, greatest: 2 });
  });

  test("know quantiles by nearest rank", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 1].map((p) => quantile(values, p))).toEqual([1, 50, 99, 100]);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("the table", () => {
  test("tells value, baseline, ratio and whether they are reached, in columns", () => {
    const [head, first, second] = toColumns(REPORT.rows).split("\n");
    expect(head).toMatch(/^what +value +baseline +ratio +to reach$/);
    expect(first).toMatch(/^posts +1,200 \(1,000–1,500\) \/s +1,000 \/s +1\.23 \(1–1\.5\) × +≥ 1 × +reached$/);
    expect(second).toMatch(/^of that errors +0 +– +– +–$/);
    expect(first?.indexOf("1,000 /s")).toBe(head?.indexOf("baseline"));
  });

  test("ends with how and where it was measured", () => {
    expect(toText(REPORT)).toMatch(
      /3 runs, 1.5 s; median \(least–greatest\); 2 cores \(some\), linux x64, Node v20\n$/,
    );
  });

  test("of all benches keeps to what is to be reached, and names the programs that failed", () => {
    const missed = { ...REPORT, name: "other", rows: [{ ...ROW, isReached: false }] };
    const table = toTable([REPORT, missed], ["chain"]);
    expect(table).toContain("posts: posts");
    expect(table).toMatch(/other: posts .*NOT REACHED/);
    expect(table).not.toContain("of that errors");
    expect(table).toMatch(/1 of 2 reached\nFAILED: chain\n$/);
  });
});

describe("arguments", () => {
  test("are names with or without values", () => {
    const parsed = parseArguments(["--json", "--runs", "3", "--only", "a,b"]);
    expect([...parsed]).toEqual([
      ["json", ""],
      ["runs", "3"],
      ["only", "a,b"],
    ]);
  });

  test("choose among the programs, and a name that none has is told", () => {
    const programs = new Map([
      ["a", "a.ts"],
      ["b", "b.ts"],
    ]);
    expect(selectPrograms(programs, undefined)).toEqual([...programs]);
    expect(selectPrograms(programs, "b")).toEqual([["b", "b.ts"]]);
    expect(() => selectPrograms(programs, "a,c")).toThrow("there is no bench c; there are a, b");
  });
});

describe("what the system tells", () => {
  test("a process's CPU time is read behind its name, whatever that holds", () => {
    const stat = "12 (node (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0";
    expect(parseCpuSeconds(stat)).toBe(3);
  });

  test("waiting for a disk is no work of the machine's, and guests are not counted twice", () => {
    const stat = "cpu  100 0 50 800 40 0 10 0 70 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n";
    expect(parseMachineTime(stat)).toEqual({ busy: 1.6, total: 10 });
  });

  test("keys are counted by what they are for", () => {
    const kinds = ["tasks:de:3eae", "tasks:t01a1fecd7be05dc1907ccab02000", "tasks:delayed", "tasks:17", "task-index"];
    expect(kinds.map((key) => toKind(`{hookline}:${key}`))).toEqual([
      "deduplication key",
      "job",
      "tasks:delayed",
      "job",
      "task-index",
    ]);
  });

  test("a delivery's id leads back to its task", () => {
    expect(toTaskIdOf("d01a1fecd7be05dc1907ccab02000-89abcdef")).toBe("t01a1fecd7be05dc1907ccab02000");
  });
});

test("work done several at once leaves nothing out, does nothing twice and goes no wider", async () => {
  const done: number[] = [];
  let [underWay, most] = [0, 0];
  const items = Array.from({ length: 20 }, (_, index) => index);
  await forEachAtOnce(items, 3, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await Promise.resolve();
    done.push(item);
    underWay -= 1;
  });
  expect(done.toSorted((a, b) => a - b)).toEqual(items);
  expect(most).toBe(3);
});
