import { expect, test } from "@jest/globals";
import { toDigestText } from "./print-digest.ts";

test("a digest is told with stats, issues, display names and changes", () => {
  const text = toDigestText({
    type: "repository.digest",
    timestamp: "2026-01-01T00:00:00Z",
    user: "octocat",
    repository: "hello-world",
    issues: [{ number: 3, title: "Broken", author: null, labels: [{ name: "bug" }] }],
    contributors: [{ user: "octocat", qtd_commits: 32, name: "The Octocat" }],
    stats: { stars: 7, description: "Hi" },
    snapshot: { collectedAt: "2026-01-01T00:00:00Z", stale: true, partial: false, githubRequests: 0 },
    changes: {
      since: "2025-12-31T00:00:00Z",
      stars: { old: 5, new: 7 },
      issues: { opened: [{ number: 3, title: "Broken" }], closed: [] },
      contributors: { joined: ["ada-l"] },
      latestRelease: { old: null, new: "v2" },
    },
  });
  for (const part of [
    "octocat/hello-world at 2026-01-01",
    "stars 7",
    "#3 Broken (a deleted account) [bug]",
    "The Octocat (octocat): 32 commits",
    "0 GitHub requests stale",
    "stars: 5 → 7",
    "issues opened: #3 Broken",
    "contributors joined: ada-l",
    "latestRelease: none → v2",
  ]) {
    expect(text).toContain(part);
  }
});

test("long lists are shortened, and odd documents still give text", () => {
  const issues = Array.from({ length: 12 }, (_, index) => ({ number: index, title: "t" }));
  expect(toDigestText({ type: "repository.digest", issues })).toContain("… and 2 more");
  for (const odd of [
    undefined,
    null,
    3,
    "text",
    [],
    {},
    { type: "repository.digest", stats: 3, issues: "x", changes: [1] },
  ]) {
    expect(typeof toDigestText(odd)).toBe("string");
  }
});
