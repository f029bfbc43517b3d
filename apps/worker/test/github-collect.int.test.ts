import { generateContributors, generateIssues } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GithubFixture, startGithubFixture } from "./github-fixture.ts";

let github: GithubFixture;

beforeEach(async () => {
  github = await startGithubFixture();
});
afterEach(() => github.stop());

function addBig(usesCursors = false) {
  return github.simulator.addRepository({
    owner: "Octo",
    name: "Big",
    stars: 10,
    watchers: 3,
    license: "MIT",
    latestRelease: "v1.0.0",
    languages: { TypeScript: 100, Shell: 5 },
    issues: generateIssues({ count: 1234, pullRequestEvery: 4, deletedAuthorEvery: 50 }),
    contributors: generateContributors({ count: 487 }),
    usesCursors,
  });
}

function addSmall() {
  return github.simulator.addRepository({
    owner: "octocat",
    name: "hello",
    latestRelease: "v1",
    issues: [{ title: "One", author: null, labels: ["bug"] }],
    contributors: [
      { login: "octocat", name: "The Octocat", contributions: 32 },
      { login: "nameless", name: null, contributions: 2 },
      { login: "dependabot[bot]", contributions: 1 },
    ],
  });
}

describe("a repository with 1,234 issues and pull requests and 487 contributors", () => {
  test.each([
    ["numbered pages", false],
    ["cursors", true],
  ])("costs 26 requests by %s, and unchanged 21 of which all are 304s", async (_, usesCursors) => {
    addBig(usesCursors);
    const cold = await github.collect(github.client(), "octo/big");
    expect(cold.issues).toHaveLength(926);
    expect(new Set(cold.issues.map(({ number }) => number)).size).toBe(926);
    expect(cold.stats).toMatchObject({ openIssues: 926, openPullRequests: 308, contributors: 487, watchers: 3 });
    expect(cold.contributors[0]).toEqual({ user: "contributor-1", qtd_commits: 487, name: "Name Of contributor-1" });
    expect(cold.contributors.every(({ name }) => name?.startsWith("Name Of"))).toBe(true);
    expect(cold).toMatchObject({ githubRequests: 26, isRevalidated: false, partialReasons: [], user: "Octo" });
    expect(github.simulator.countByStatus()).toEqual({ 200: 26 });

    github.simulator.resetLog();
    const warm = await github.collect(github.client(), "octo/big");
    expect(github.simulator.countByStatus()).toEqual({ 304: 21 });
    expect(warm).toEqual({
      ...cold,
      collectedAt: warm.collectedAt,
      githubRequests: 21,
      isRevalidated: true,
    });
  });

  test("costs one full answer more when an issue was opened", async () => {
    const repository = addBig(true);
    await github.collect(github.client(), "octo/big");
    github.simulator.resetLog();
    repository.openIssue({ title: "New" });
    const snapshot = await github.collect(github.client(), "octo/big");
    // The repository itself, whose counts changed, and the last page of issues.
    expect(github.simulator.countByStatus()).toEqual({ 200: 2, 304: 19 });
    expect(snapshot.issues.at(-1)?.title).toBe("New");
    expect(snapshot.isRevalidated).toBe(false);
  });

  test("never has more than ten requests under way", async () => {
    addBig();
    github.simulator.latencyMs = 5;
    const client = github.client();
    const other = ["a", "b", "c", "d", "e", "f"].map((name) => {
      github.simulator.addRepository({ owner: "o", name });
      return github.collect(client, `o/${name}`);
    });
    await Promise.all([...other, github.collect(client, "octo/big")]);
    expect(github.simulator.maxConcurrent).toBeLessThanOrEqual(10);
    expect(github.simulator.maxConcurrent).toBeGreaterThan(1);
  });
});

test("an issue that begins a new page is seen although the page before it is unchanged", async () => {
  const repository = github.simulator.addRepository({
    owner: "o",
    name: "r",
    issues: generateIssues({ count: 100 }),
    contributors: generateContributors({ count: 100 }),
  });
  await github.collect(github.client(), "o/r");
  repository.openIssue({ title: "The 101st" });
  repository.addContributor({ login: "newcomer", contributions: 0 });
  const snapshot = await github.collect(github.client(), "o/r");
  expect(snapshot.issues.at(-1)?.title).toBe("The 101st");
  expect(snapshot.contributors.at(-1)?.user).toBe("newcomer");
});

test("a small repository costs 6 requests, unchanged 5", async () => {
  addSmall();
  const cold = await github.collect(github.client(), "octocat/hello");
  expect(cold).toMatchObject({ githubRequests: 6, partialReasons: [] });
  expect(cold.issues[0]).toMatchObject({ title: "One", author: null, number: 1 });
  expect(cold.issues[0]?.labels[0]).toMatchObject({ name: "bug", color: "ededed", node_id: expect.any(String) });
  expect(cold.contributors.map(({ name }) => name)).toEqual(["The Octocat", null, "dependabot[bot]"]);
  const warm = await github.collect(github.client(), "octocat/hello");
  expect(warm).toMatchObject({ githubRequests: 5, isRevalidated: true });
});

test("what another credential was told is not sent as our ETag, and the cache is not shared", async () => {
  addSmall();
  await github.collect(github.client(), "octocat/hello");
  github.simulator.resetLog();
  const snapshot = await github.collect(github.client({ token: "other" }), "octocat/hello");
  expect(github.simulator.countByStatus()).toEqual({ 200: 5 });
  expect(github.simulator.requests.some(({ conditional }) => conditional)).toBe(false);
  // Names are the same for everybody.
  expect(snapshot.contributors[0]?.name).toBe("The Octocat");
});

test("a renamed repository costs one redirect more and has its new name", async () => {
  addSmall();
  github.simulator.rename("octocat/hello", "octo-org/world");
  const cold = await github.collect(github.client(), "octocat/hello");
  expect(cold).toMatchObject({ user: "octo-org", repository: "world", githubRequests: 7 });
  github.simulator.resetLog();
  const warm = await github.collect(github.client(), "octocat/hello");
  expect(github.simulator.countByStatus()).toEqual({ 301: 1, 304: 5 });
  expect(warm).toMatchObject({ githubRequests: 6, isRevalidated: true });
});

test("an empty repository without issues, contributors and releases is whole", async () => {
  github.simulator.addRepository({ owner: "o", name: "empty", isEmpty: true, issuesDisabled: true });
  const snapshot = await github.collect(github.client(), "o/empty");
  expect(snapshot).toMatchObject({ issues: [], contributors: [], partialReasons: [] });
  expect(snapshot.stats).toMatchObject({ openIssues: 0, openPullRequests: 0, languages: {}, latestRelease: null });
  expect(github.simulator.countByStatus()).toEqual({ 200: 2, 204: 1, 404: 1, 410: 1 });
});

test("a contributor list too large for GitHub is empty, and says why", async () => {
  github.simulator.addRepository({ owner: "o", name: "huge", contributorsTooLarge: true });
  const snapshot = await github.collect(github.client(), "o/huge");
  expect(snapshot.contributors).toEqual([]);
  expect(snapshot.partialReasons).toEqual(["GitHub does not list the contributors of a repository this large"]);
});

test("on an Enterprise Server REST is below /api/v3 and GraphQL at /api/graphql", async () => {
  const enterprise = await startGithubFixture({ enterprise: true });
  try {
    enterprise.simulator.addRepository({ owner: "o", name: "r", contributors: generateContributors({ count: 101 }) });
    const snapshot = await enterprise.collect(enterprise.client(), "o/r");
    expect(snapshot.contributors[100]?.name).toBe("Name Of contributor-101");
    const paths = enterprise.simulator.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === "/api/graphql")).toHaveLength(2);
  } finally {
    await enterprise.stop();
  }
});
