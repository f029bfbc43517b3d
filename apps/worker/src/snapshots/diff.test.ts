import { ChangesSchema } from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { issue, type SnapshotInput, snapshot } from "../../test/support/snapshots.ts";
import { toBaseline } from "./baseline.ts";
import { diff, isUnchanged } from "./diff.ts";

const compare = (before: SnapshotInput, after: SnapshotInput) => diff(toBaseline(snapshot(before)), snapshot(after));
const numbers = (issues: readonly { number: number }[]) => issues.map(({ number }) => number);

describe("between two snapshots", () => {
  it("nothing changed when they are the same", () => {
    const same = { issues: [1, 2, 5], contributors: ["octocat"] };
    const changes = compare(same, { ...same, collectedAt: "2026-01-03T00:00:00.000Z" });
    expect(changes).toEqual({
      since: "2026-01-02T12:00:00.000Z",
      issues: { opened: [], closed: [] },
      contributors: { joined: [] },
    });
    expect(isUnchanged(changes)).toBe(true);
  });

  it("issues were opened and closed, told with title, URL and author only", () => {
    const changes = compare({ issues: [1, 2] }, { issues: [2, 5] });
    const { labels: _, createdAt: __, ...opened } = issue(5);
    expect(changes.issues.opened).toEqual([opened]);
    expect(changes.issues.closed).toEqual([expect.objectContaining({ number: 1, title: "Issue 1" })]);
    expect(isUnchanged(changes)).toBe(false);
  });

  it("a changed title is no opened or closed issue", () => {
    const renamed = { ...issue(1), title: "Renamed" };
    expect(isUnchanged(compare({ issues: [1] }, { issues: [renamed] }))).toBe(true);
  });

  it("contributors joined; who left is not told", () => {
    expect(compare({ contributors: ["a", "b"] }, { contributors: ["b", "c"] }).contributors).toEqual({ joined: ["c"] });
    expect(compare({ contributors: [] }, { contributors: ["a"] }).contributors).toEqual({ joined: ["a"] });
  });

  it.each([
    ["stars", 1, 2],
    ["forks", 2, 0],
    ["watchers", 3, 4],
    ["openPullRequests", 0, 9],
    ["license", "MIT", null],
    ["defaultBranch", "main", "trunk"],
    ["latestRelease", null, "v1.0.0"],
    ["pushedAt", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"],
    ["archived", false, true],
    ["visibility", "public", "private"],
    ["description", "A repository", null],
  ])("%s is told as old and new, and nothing else", (name, before, after) => {
    const changes = compare({ stats: { [name]: before } }, { stats: { [name]: after } });
    expect(changes).toEqual({
      since: expect.any(String),
      [name]: { old: before, new: after },
      issues: { opened: [], closed: [] },
      contributors: { joined: [] },
    });
    expect(isUnchanged(changes)).toBe(false);
    expect(createValidator(ChangesSchema)(changes)).toMatchObject({ isValid: true });
  });
});

describe("of a list that was cut", () => {
  const cut = { cutLists: ["issues"] } as const;

  it("issues behind its end are not closed but unknown", () => {
    const changes = compare({ issues: [1, 2, 3, 9] }, { ...cut, issues: [1, 3, 4] });
    expect(numbers(changes.issues.closed)).toEqual([2]);
  });

  it("issues that come into reach were not opened, unless they are younger than the list", () => {
    const changes = compare({ ...cut, issues: [1, 3] }, { issues: [2, issue(4, 1), issue(5, 2), issue(6, 3)] });
    expect(numbers(changes.issues.opened)).toEqual([2, 6]);
    const sameSecond = { ...issue(7), createdAt: "2026-01-02T12:00:00Z" };
    const later = { issues: [1, 3, sameSecond] };
    expect(
      numbers(compare({ ...cut, issues: [1, 3], collectedAt: "2026-01-02T12:00:00.400Z" }, later).issues.opened),
    ).toEqual([7]);
  });

  it("contributors did not join for being seen for the first time", () => {
    const changes = compare({ cutLists: ["contributors"] }, { contributors: ["a"] });
    expect(changes.contributors.joined).toEqual([]);
  });
});

it("the newest issue's closing is not lost while names or contributors are missing", () => {
  const partial = { cutLists: ["contributors"], partialReasons: ["names could not be asked for"] } as const;
  expect(numbers(compare({ issues: [1, 2] }, { ...partial, issues: [1] }).issues.closed)).toEqual([2]);
  expect(numbers(compare({ ...partial, issues: [1] }, { issues: [1, 2] }).issues.opened)).toEqual([2]);
});

describe("whatever the snapshots are", () => {
  /** A generator with a seed, so that a failure can be repeated. */
  function randomBy(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      return state / 4_294_967_296;
    };
  }

  it.each(
    Array.from({ length: 40 }, (_, index) => index + 1),
  )("applying what was opened, closed and joined to the old sets gives the new ones (seed %i)", (seed) => {
    const random = randomBy(seed * 7919);
    for (let round = 0; round < 25; round += 1) {
      const pick = (from: number) => Array.from({ length: from }, (_, index) => index + 1).filter(() => random() < 0.5);
      const [before, after] = [pick(30), pick(30)];
      const [known, present] = [pick(10).map(String), pick(10).map(String)];
      const changes = compare({ issues: before, contributors: known }, { issues: after, contributors: present });
      const applied = new Set(before);
      for (const { number } of changes.issues.closed) expect(applied.delete(number)).toBe(true);
      for (const { number } of changes.issues.opened) {
        expect(applied.has(number)).toBe(false);
        applied.add(number);
      }
      expect([...applied].sort((a, b) => a - b)).toEqual(after);
      expect(new Set([...known, ...changes.contributors.joined])).toEqual(new Set([...known, ...present]));
      const isSame = String(before) === String(after) && present.every((user) => known.includes(user));
      expect(isUnchanged(changes)).toBe(isSame);
    }
  });
});
