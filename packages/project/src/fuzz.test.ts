import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { loadProject, ProjectError } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "hookline-fuzz-"));
const path = join(directory, "hookline.yaml");
afterAll(() => rmSync(directory, { recursive: true }));

const env = { A: "hidden-value", B: "https://example.com/hidden" };

/** What was said; `undefined` when the file is right. Anything else thrown than a ProjectError fails the test. */
function said(text: string): string | undefined {
  writeFileSync(path, text);
  try {
    loadProject({ path, env, isTargetSecretNeeded: true });
    return undefined;
  } catch (error) {
    if (error instanceof ProjectError) return error.message;
    throw error;
  }
}

const word = fc.constantFrom(
  ...["targets", "sources", "basecamp", "inboxes", "kind", "url", "token", "deliver", "headers", "webhook", "slack"],
  ...[
    "__proto__",
    "constructor",
    "default",
    "a/b~c",
    "",
    "0",
    "${A}",
    "${B}",
    "$${A}",
    "${C}",
    "${",
    "https://x.example",
  ],
);
const scalar = fc.oneof(word, fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const value = fc.letrec((tie) => ({
  node: fc.oneof({ maxDepth: 6 }, scalar, fc.array(tie("node"), { maxLength: 4 }), tie("map")),
  map: fc.dictionary(fc.oneof(word, fc.string()), tie("node"), { maxKeys: 5 }),
})).node;

describe("whatever stands in a project file, it is right or a ProjectError says what is wrong", () => {
  it("as text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void said(text)));
  });

  it("as tokens of YAML", () => {
    const token = fc.constantFrom(
      ...[
        "targets:",
        "a:",
        "- ",
        "? ",
        ": ",
        "\n",
        "\n  ",
        "\n    ",
        "{",
        "}",
        "[",
        "]",
        ",",
        '"',
        "'",
        "|",
        ">",
        "&a ",
        "*a",
      ],
      ...["!!str ", "!x ", "%YAML 1.1\n", "---", "...", "#", "\t", "${A}", "<<: *a", "kind: slack", "@", "`", "\\"],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => void said(tokens.join(""))),
      { numRuns: 1000 },
    );
  });

  it("as values", () => {
    fc.assert(
      fc.property(value, (node) => {
        for (const text of [stringify(node), stringify({ targets: node }), stringify({ targets: { t: node } })]) {
          expect(said(text) ?? "").not.toContain("hidden");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("nested as deeply as a file can be", () => {
    for (const text of [
      "[".repeat(1_000_000),
      "{a: ".repeat(250_000),
      "- ".repeat(500_000),
      "? ".repeat(500_000),
      "&a [*a,".repeat(50),
      "[[]".repeat(300_000),
      "[".repeat(900),
    ]) {
      expect(said(text)).toMatch(/^The project file is wrong/);
    }
  });

  it("a file of thousands of names, all the same or all different, takes no longer for each than a small one", () => {
    const work = (count: number) => {
      const lines = Array.from({ length: count }, (_, n) => `  a${n}: { kind: webhook, url: https://x.example }`);
      const used = process.cpuUsage();
      expect(said(`targets:\n${[...lines, lines[0]].join("\n")}`)).toMatch(/a second time/);
      return process.cpuUsage(used).user;
    };
    work(500);
    expect(work(4000)).toBeLessThan(30 * Math.min(work(500), work(500)));
    expect(said("a:\n ".repeat(20_000))?.length).toBeLessThan(20_000);
  });

  it("multiplied by aliases", () => {
    const lines = Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${n === 0 ? "x" : `*a${n - 1}, *a${n - 1}`}]`);
    const before = performance.now();
    expect(said(lines.join("\n"))).toMatch(/alias more than|not known here/);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
