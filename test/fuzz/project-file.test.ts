import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProject, ProjectError } from "@hookline/project";
import { afterAll, expect, it } from "@jest/globals";
import { FUZZ_TIMEOUT_MS, fuzz, inTime, type Random } from "./support/fuzz.ts";
import { mutateBytes } from "./support/mutate.ts";

const directory = mkdtempSync(join(tmpdir(), "hookline-fuzz-"));
const path = join(directory, "hookline.yaml");
afterAll(() => rmSync(directory, { recursive: true }));

const EXAMPLE = readFileSync(new URL("../../config/hookline.example.yaml", import.meta.url), "utf8");
/** A value for each variable that the example names. */
const env = Object.fromEntries([...EXAMPLE.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => [name, toValue(name)]));
const lines = EXAMPLE.split("\n");

const shapes: readonly [(random: Random) => string | Buffer, ...((random: Random) => string | Buffer)[]] = [
  (random) => mutateBytes(random, EXAMPLE),
  (random) => Buffer.concat([mutateBytes(random, EXAMPLE), mutateBytes(random, EXAMPLE)]),
  (random) => shuffle(random, lines).join("\n"),
  (random) => lines.map((line) => (random.chance(0.05) ? " ".repeat(random.below(9)) + line.trim() : line)).join("\n"),
  (random) => lines.filter(() => !random.chance(0.1)).join("\n"),
  (random) => aliases(random.below(40), random.below(12)),
  (random) =>
    random
      .pick(["[", "{a: ", "- ", "? ", "&a [", "!!map {", "[[]", "a:\n ", '"', "'", "| \n"])
      .repeat(random.below(20_000)),
  (random) =>
    `targets:\n${`  ${random.text(9)}: { kind: webhook, url: https://x.example }\n`.repeat(random.below(2000))}`,
  (random) =>
    `targets: { a: ${random.pick(["!!binary", "!!js/function", "!x", "!<tag:x>", "!!set", "!!omap", "!!float"])} x }`,
  (random) => random.text(2000),
];

function shuffle<T>(random: Random, things: readonly T[]): T[] {
  const shuffled = [...things];
  for (let n = random.below(6); n > 0; n -= 1)
    shuffled.splice(random.below(shuffled.length), 0, ...shuffled.splice(random.below(shuffled.length), 1));
  return shuffled;
}

/** Each line names the one before it several times: a billion of them in a few. */
function aliases(count: number, width: number): string {
  return Array.from(
    { length: count },
    (_, n) =>
      `a${n}: &a${n} [${
        n === 0
          ? "x"
          : Array(width)
              .fill(`*a${n - 1}`)
              .join(", ")
      }]`,
  ).join("\n");
}

function toValue(name: string): string {
  if (name.endsWith("_URL")) return `https://example.com/${name}`;
  return name === "AUDIT_SECRET" ? `whsec_${Buffer.alloc(32, 1).toString("base64")}` : "secret-value-1";
}

/** What is wrong with the file; `undefined` when nothing is. Anything else thrown than a ProjectError fails the test. */
function read(): readonly string[] | undefined {
  try {
    loadProject({ path, env, isTargetSecretNeeded: true });
    return undefined;
  } catch (error) {
    if (error instanceof ProjectError) return error.problems;
    throw error;
  }
}

it(
  "a project file is right, or a ProjectError says where it is not, within a second",
  async () => {
    let right = 0;
    await fuzz("the project file", async (random) => {
      const text = random.pick(shapes)(random);
      writeFileSync(path, typeof text === "string" ? text.slice(0, 1024 * 1024) : text);
      const problems = await inTime(read);
      if (problems === undefined) right += 1;
      else expect(problems.length).toBeGreaterThan(0);
      for (const problem of problems ?? []) expect(problem).toMatch(/hookline\.yaml|^… and \d+ more$/);
      expect((problems ?? []).join("\n")).not.toContain("secret-value-1");
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    });
    expect(right).toBeGreaterThan(0);
  },
  FUZZ_TIMEOUT_MS,
);
