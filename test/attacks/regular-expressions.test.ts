import { describe, expect, it } from "@jest/globals";
import { isSafePattern } from "redos-detector";
import { isMeasured, measured } from "./support/measured-expressions.ts";
import { collectBuilt, collectLiterals, collectSchemaPatterns, type Found } from "./support/regular-expressions.ts";

/** As many as the detector looks at before it gives up: an expression of ours is far simpler, or it is measured. */
const MOST_STEPS = 4000;

const literals = collectLiterals();
const patterns = collectSchemaPatterns();
const everything = [...literals, ...patterns];

/** Why the detector does not hold an expression for safe; `undefined` when it does. */
function complaint({ file, source, flags }: Found): string | undefined {
  const options = {
    caseInsensitive: flags.includes("i"),
    dotAll: flags.includes("s"),
    multiLine: flags.includes("m"),
    unicode: flags.includes("u"),
    maxSteps: MOST_STEPS,
    timeout: Number.POSITIVE_INFINITY,
  };
  try {
    const { error } = isSafePattern(source, options);
    return error === null ? undefined : `${file}: /${source}/${flags} ${error}`;
  } catch (error) {
    return `${file}: /${source}/${flags} ${String(error)}`;
  }
}

/** The least of several runs, ms: what the expression takes where nothing else runs. */
function duration(expression: RegExp, text: string): number {
  const once = () => {
    const before = performance.now();
    text.replaceAll(expression, "");
    return performance.now() - before;
  };
  return Math.min(...Array.from({ length: 3 }, once));
}

/** Whether four times the text takes at most some eight times as long; a fraction of a millisecond says nothing. */
function isLinear(source: string, flags: string, attack: (length: number) => string): boolean {
  const expression = new RegExp(source, `${flags.replace("g", "")}g`);
  const [short, long] = [4000, 16_000].map((length) => duration(expression, attack(length)));
  return (long ?? 0) < 3 || (long ?? 0) < 8 * (short ?? 0);
}

describe("regular expressions", () => {
  it("are found in the sources", () => {
    expect(literals.length).toBeGreaterThan(100);
    expect(patterns.length).toBeGreaterThan(10);
    expect(literals.map(({ file }) => file.split("/").slice(0, 2).join("/"))).toEqual(
      expect.arrayContaining(["apps/ingest", "apps/worker", "packages/project", "packages/queue", "packages/runtime"]),
    );
  });

  it("cannot be made to take long, or are measured below", () => {
    const known = new Set<string>();
    const others = everything.filter((each) => !isMeasured(each) && !known.has(each.source) && known.add(each.source));
    expect(others.map(complaint).filter((each) => each !== undefined)).toEqual([]);
  }, 60_000);

  it("would be complained about if they could", () => {
    for (const source of ["^(a+)+$", "\\s+$"]) {
      expect(complaint({ file: "here", source, flags: "" })).toBeDefined();
    }
  });

  it("are made at run time in one place only, of our own paths", () => {
    expect(collectBuilt().map(({ file }) => file)).toEqual(["apps/ingest/src/app.ts"]);
  });

  it("that are measured are all still there", () => {
    const sources = everything.map(({ source }) => source);
    expect(measured.filter(({ source }) => !sources.includes(source)).map(({ source }) => source)).toEqual([]);
  });

  it.each(measured)("/$source/ takes a time that grows with the text: $because", ({ source, attacks }) => {
    const flags = everything.find((each) => each.source === source)?.flags ?? "";
    expect(attacks.map((attack) => isLinear(source, flags, attack))).toEqual(attacks.map(() => true));
  });

  it("that are not linear are seen by the measurement", () => {
    expect(isLinear("\\s+$", "", (length) => `${" ".repeat(length)}x`)).toBe(false);
    expect(isLinear("<[^>]*>", "", (length) => "<".repeat(length))).toBe(false);
  });
});
