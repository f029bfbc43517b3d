import { describe, expect, it } from "@jest/globals";
import { load, problemsOf } from "../test/support/project-file.ts";

const MOST = 1024 * 1024;
const fill = (unit: string, start = "", end = "") =>
  start + unit.repeat(Math.floor((MOST - Buffer.byteLength(start + end)) / Buffer.byteLength(unit))) + end;

/** What a parser may take its time over, a megabyte of each. */
const files: Readonly<Record<string, string>> = {
  "a list": fill("a,", "[", "]"),
  "equal names in brackets": fill("a: b,", "{", "}"),
  "equal names": fill("a: b\n"),
  "names that are none": fill("[]: \n"),
  "lists of mappings": fill("- a: b\n"),
  quotes: fill('"'),
  anchors: fill("&a "),
  aliases: fill("*a "),
  "merge keys": fill("  <<: *a\n", "a: &a {b: 1}\nc:\n"),
  tags: fill("!a "),
  comments: fill("# a\n"),
  "empty lines": fill("\n"),
  directives: fill("%YAML 1.2\n"),
  variables: fill("${A}", "a: "),
  dashes: fill("- "),
  "block signs": fill("|\n"),
  documents: fill("---\n"),
  "one text": fill("a", 'a: "', '"'),
  escapes: fill("\\x41", 'a: "', '"'),
  "a folded text": fill("  a\n", "a: >\n"),
};

/** ms of this process's own work: others may be busy. */
function workOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe("a project file of a megabyte", () => {
  it.each(Object.keys(files))("of %s is refused within a second or two", (name) => {
    let problems: readonly string[] = [];
    const workMs = workOf(() => {
      problems = problemsOf(files[name] ?? "");
    });
    expect(problems.length).toBeGreaterThan(0);
    expect(workMs).toBeLessThan(2000);
  });

  it("is told to say too much where that is all", () => {
    expect(problemsOf(fill("# a\n"))[0]).toMatch(/says too much: it has more than 100000 words/);
  });

  it("is taken with thousands of targets", () => {
    const target = (n: number) => `  t${n}: { kind: webhook, url: "https://example.com/${"a".repeat(150)}/${n}" }\n`;
    const text = `targets:\n${Array.from({ length: 4000 }, (_, n) => target(n)).join("")}`;
    expect(Object.keys(load(text, { isTargetSecretNeeded: false }).targets)).toHaveLength(4000);
  });
});
