import { generateContributors, generateIssues, waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { toReceivedDigest } from "./support/digests.ts";
import { GITHUB_TOKEN, type Stack, startStack } from "./support/stack.ts";

const API_KEY = "end-to-end-api-key";

describe("what a digest costs GitHub", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({
      workers: 2,
      env: { API_KEYS: API_KEY, TARGET_ALLOWED_NETWORKS: "127.0.0.0/8", CACHE_TTL: "60000" },
    });
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    stack.receiver.reset();
    stack.github.resetLog();
  });

  it("is one collection for 100 tasks with different targets at once", async () => {
    stack.github.addRepository({
      owner: "octocat",
      name: "popular",
      issues: generateIssues({ count: 30 }),
      contributors: generateContributors({ count: 5 }),
    });
    const bodies = Array.from({ length: 100 }, (_, index) => ({
      username: "octocat",
      repository: "popular",
      targets: [{ kind: "webhook", url: `${stack.receiver.url}/target/${index}` }],
    }));
    const ids = await Promise.all(bodies.map(async (body) => (await stack.post(body)).id));
    expect(new Set(ids).size).toBe(100);
    await stack.receiver.waitFor(100, 20_000);
    expect(new Set(stack.receiver.requests.map(({ path }) => path)).size).toBe(100);
    expect(stack.github.requests.filter(({ path }) => path === "/repos/octocat/popular")).toHaveLength(1);
  });

  it("is nothing within the time that a snapshot is fresh", async () => {
    stack.github.addRepository({ owner: "octocat", name: "fresh" });
    await stack.untilStatus((await stack.post({ username: "octocat", repository: "fresh" })).id, "delivered");
    stack.github.resetLog();
    await stack.untilStatus((await stack.post({ username: "octocat", repository: "fresh" })).id, "delivered");
    expect(stack.github.requests).toHaveLength(0);
    expect(toReceivedDigest(stack.receiver.requests[1]).snapshot.githubRequests).toBe(0);
  });

  it("holds every open issue and contributor of a large repository, and no pull request", async () => {
    const issues = generateIssues({ count: 1234, pullRequestEvery: 4 });
    stack.github.addRepository({
      owner: "octocat",
      name: "large",
      issues,
      contributors: generateContributors({ count: 487 }),
    });
    const { id } = await stack.post({ username: "octocat", repository: "large" });
    await stack.untilStatus(id, "delivered", 30_000);
    const digest = toReceivedDigest(stack.receiver.requests[0]);
    const expected = issues.filter(({ isPullRequest }) => isPullRequest !== true);
    expect(digest.issues).toHaveLength(expected.length);
    expect(digest.issues.map(({ title }) => title).sort()).toEqual(expected.map(({ title }) => title).sort());
    expect(digest.stats).toMatchObject({
      openIssues: expected.length,
      openPullRequests: issues.length - expected.length,
      contributors: 487,
    });
    expect(digest.contributors).toHaveLength(487);
    expect(digest.contributors.every(({ name }) => name !== null)).toBe(true);
    expect(digest.snapshot).toMatchObject({ partial: false, githubRequests: stack.github.requests.length });
  });

  it("is not asked again after a missing repository was told, and nothing is posted", async () => {
    const { id } = await stack.post({ username: "octocat", repository: "missing" });
    const task = await stack.untilStatus(id, "failed");
    expect(task).toMatchObject({ error: { code: "repository_not_found" }, attempts: { made: 1 }, deliveries: [] });
    expect(stack.github.requests).toHaveLength(1);
    expect(stack.receiver.received).toBe(0);
  });

  it("carries the new name of a renamed repository", async () => {
    stack.github.addRepository({ owner: "octocat", name: "before" });
    stack.github.rename("octocat/before", "octocat/after");
    const { id } = await stack.post({ username: "octocat", repository: "before" });
    await expect(stack.untilStatus(id, "delivered")).resolves.toMatchObject({ repository: "after" });
    expect(toReceivedDigest(stack.receiver.requests[0]).repository).toBe("after");
  });

  it("refuses a private address that a request brings along", async () => {
    stack.github.addRepository({ owner: "octocat", name: "private" });
    const targets = [{ kind: "webhook", url: "http://10.1.2.3/hook" }];
    const { id } = await stack.post({ username: "octocat", repository: "private", targets });
    await expect(stack.untilStatus(id, "failed")).resolves.toMatchObject({ error: { code: "target_forbidden" } });
  });

  it("waits for the reset of a spent limit without using an attempt, and no replica asks meanwhile", async () => {
    stack.github.addRepository({ owner: "octocat", name: "limited" });
    stack.github.addRepository({ owner: "octocat", name: "limited-too" });
    const resetAt = Date.now() + 4000;
    stack.github.setLimit({ credential: GITHUB_TOKEN, remaining: 0, resetAt });
    const { id } = await stack.post({ username: "octocat", repository: "limited" });
    const isWaiting = async () => {
      const task = await stack.task(id);
      return task.nextAttempt?.reason === "github_rate_limit" ? task : undefined;
    };
    const waiting = await waitUntil(isWaiting, { what: "the task waits for GitHub's limit" });
    expect(waiting).toMatchObject({ status: "scheduled", attempts: { made: 0 } });
    expect(Date.parse(waiting?.nextAttempt?.at ?? "")).toBeGreaterThanOrEqual(resetAt - 1);
    await expect(stack.post({ username: "octocat", repository: "limited" })).resolves.toMatchObject({
      id,
      duplicate: true,
    });
    stack.github.resetLog();
    const other = await stack.post({ username: "octocat", repository: "limited-too" });
    await stack.untilStatus(id, "delivered");
    await stack.untilStatus(other.id, "delivered");
    expect(stack.github.requests.filter(({ at }) => at < resetAt)).toHaveLength(0);
  });
});
