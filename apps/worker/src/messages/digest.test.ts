import { DigestSchema } from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { issue, snapshot } from "../../test/support/snapshots.ts";
import { toBaseline } from "../snapshots/baseline.ts";
import { diff } from "../snapshots/diff.ts";
import { toDigest } from "./digest.ts";

const validate = createValidator(DigestSchema);
const NOW = new Date("2026-01-02T12:00:05.000Z");
const full = snapshot({
  issues: [1, { ...issue(5), author: null, labels: [{ id: 9_007_199_254_740, name: "é" }, "text"] }],
  contributors: ["octocat", "renovate[bot]"],
  stats: { license: null, pushedAt: null, description: null, latestRelease: "v1" },
});
const served = { snapshot: full, source: "collected", githubRequests: 5 } as const;

describe("a digest", () => {
  it("has the shape that is promised, as it is and as JSON", () => {
    const digest = toDigest("t1", served, null, NOW);
    expect(validate(digest)).toMatchObject({ isValid: true });
    expect(validate(JSON.parse(JSON.stringify(digest)))).toMatchObject({ isValid: true });
    expect(digest).toMatchObject({
      type: "repository.digest",
      id: "t1",
      timestamp: "2026-01-02T12:00:05.000Z",
      user: "octocat",
      repository: "hello-world",
      snapshot: { ageMs: 5000, stale: false, partial: false, partialReasons: [], githubRequests: 5 },
      changes: null,
    });
    expect(digest).not.toHaveProperty("cutLists");
  });

  it("with changes has it too", () => {
    const before = snapshot({ issues: [1, 2], contributors: ["octocat"], stats: { stars: 7 } });
    const digest = toDigest("t1", served, diff(toBaseline(before), full), NOW);
    expect(validate(digest)).toMatchObject({ isValid: true });
    expect(digest.changes).toMatchObject({ stars: { old: 7, new: 1 }, license: { old: "MIT", new: null } });
  });

  it("says that it is stale, partial and never younger than nothing", () => {
    const cut = snapshot({ cutLists: ["issues"], collectedAt: "2026-01-02T13:00:00.000Z" });
    const digest = toDigest("t1", { snapshot: cut, source: "stale", githubRequests: 0 }, null, NOW);
    expect(digest.snapshot).toEqual({
      collectedAt: "2026-01-02T13:00:00.000Z",
      ageMs: 0,
      stale: true,
      partial: true,
      partialReasons: ["the issues were cut"],
      githubRequests: 0,
    });
  });
});
