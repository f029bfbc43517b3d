import { TemporaryError } from "@hookline/runtime";
import { describe, expect, test } from "@jest/globals";
import { toContributorPage } from "./contributors.ts";
import { toNames } from "./graphql-names.ts";
import { toIssuePage } from "./issues.ts";
import { toLanguages } from "./languages.ts";
import { toTag } from "./latest-release.ts";
import { toRepositoryFacts } from "./repository.ts";
import { toUserName } from "./user-names.ts";

const issue = {
  number: 7,
  title: "Broken",
  html_url: "https://github.com/o/r/issues/7",
  created_at: "2026-01-01T00:00:00Z",
  user: { login: "octocat" },
  labels: [{ name: "bug", color: "f00", extra: 1 }],
};

test("an issue keeps its label objects untouched, and a deleted account is a null author", () => {
  const page = toIssuePage([issue, { ...issue, number: 8, user: null }]);
  expect(page.issues[0]).toEqual({
    title: "Broken",
    author: "octocat",
    labels: [{ name: "bug", color: "f00", extra: 1 }],
    number: 7,
    url: "https://github.com/o/r/issues/7",
    createdAt: "2026-01-01T00:00:00Z",
  });
  expect(page.issues[1]?.author).toBeNull();
});

test("pull requests are counted among the issues, not listed", () => {
  const page = toIssuePage([issue, { number: 8, pull_request: {} }, { ...issue, number: 9, pull_request: null }]);
  expect(page).toMatchObject({ size: 3, pullRequests: [8] });
  expect(page.issues.map(({ number }) => number)).toEqual([7, 9]);
});

test("contributors without an account are skipped, bots are told from people", () => {
  const page = toContributorPage([
    { login: "octocat", contributions: 32, type: "User" },
    { type: "Anonymous", name: "Somebody", contributions: 3 },
    { login: "dependabot[bot]", contributions: 2, type: "Bot" },
  ]);
  expect(page).toEqual({
    size: 3,
    contributors: [
      { login: "octocat", commits: 32, isBot: false },
      { login: "dependabot[bot]", commits: 2, isBot: true },
    ],
  });
});

test("a repository's watchers are its subscribers, and what is missing has a plain default", () => {
  const facts = toRepositoryFacts({
    full_name: "Octo/Hello",
    stargazers_count: 5,
    watchers_count: 5,
    subscribers_count: 2,
    license: { spdx_id: null },
    topics: ["a", 1],
    private: true,
  });
  expect(facts).toEqual({
    owner: "Octo",
    name: "Hello",
    stars: 5,
    forks: 0,
    watchers: 2,
    openItems: 0,
    license: null,
    topics: ["a"],
    defaultBranch: "main",
    pushedAt: null,
    archived: false,
    visibility: "private",
    description: null,
  });
  expect(toRepositoryFacts({ full_name: "o/r", license: { spdx_id: "MIT" } }).license).toBe("MIT");
});

describe("display names by GraphQL", () => {
  test("are null for users that are not found and missing for any other error", () => {
    const errors = [
      { type: "NOT_FOUND", path: ["u1"], message: "no" },
      { type: "SOMETHING", path: ["u2"], message: "no" },
    ];
    const names = toNames({ data: { u0: { name: "A" }, u1: null, u2: null, u3: { name: " " } }, errors }, [
      "a",
      "b",
      "c",
      "d",
    ]);
    expect([...names]).toEqual([
      ["a", "A"],
      ["b", null],
      ["d", null],
    ]);
  });

  test("are a failure when there is no data", () => {
    expect(() => toNames({ errors: [{ type: "RATE_LIMITED" }] }, ["a"])).toThrow(TemporaryError);
  });
});

test("an answer of another shape is a temporary failure", () => {
  const broken = [
    () => toIssuePage({}),
    () => toIssuePage([null]),
    () => toIssuePage([{ ...issue, title: undefined }]),
    () => toIssuePage([{ ...issue, number: "7" }]),
    () => toContributorPage(null),
    () => toRepositoryFacts([]),
    () => toRepositoryFacts({ full_name: "none" }),
    () => toRepositoryFacts({ full_name: "o/r", license: "MIT" }),
    () => toLanguages([]),
    () => toTag({}),
    () => toUserName("x"),
  ];
  for (const map of broken) expect(map).toThrow(TemporaryError);
});
