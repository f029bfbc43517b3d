import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type GithubSimulator, startGithubSimulator } from "./simulator.ts";

let simulator: GithubSimulator;

beforeEach(async () => {
  simulator = await startGithubSimulator();
});
afterEach(() => simulator.stop());

const get = (path: string, init: RequestInit = {}) => fetch(`${simulator.url}${path}`, { redirect: "manual", ...init });
const json = async (path: string) => (await get(path)).json();

test("a repository is found in any case and answers its canonical name", async () => {
  const issues = [{ title: "a" }, { title: "b", isPullRequest: true }];
  simulator.addRepository({ owner: "Octo", name: "Cat", stars: 5, watchers: 2, license: "MIT", issues });
  expect(await json("/repos/OCTO/cat")).toMatchObject({
    full_name: "Octo/Cat",
    stargazers_count: 5,
    watchers_count: 5,
    subscribers_count: 2,
    open_issues_count: 2,
    license: { spdx_id: "MIT" },
  });
});

test("issues look like GitHub's: labels whole, deleted authors null, pull requests marked, about 3 KB each", async () => {
  const issues = [
    { title: "a", author: null },
    { title: "b", isPullRequest: true, author: "me", labels: ["bug", { name: "x y", color: "ff0000" }] },
  ];
  simulator.addRepository({ owner: "o", name: "r", issues });
  const [pull, issue] = (await json("/repos/o/r/issues")) as Record<string, unknown>[];
  expect(issue).toMatchObject({ user: null, labels: [] });
  expect(issue).not.toHaveProperty("pull_request");
  expect(pull).toMatchObject({
    user: { login: "me" },
    pull_request: { merged_at: null },
    html_url: "https://github.com/o/r/pull/2",
  });
  expect(pull?.labels).toMatchObject([
    { name: "bug", default: true },
    { name: "x y", color: "ff0000", default: false },
  ]);
  expect(JSON.stringify(pull).length).toBeGreaterThan(2_800);
});

test("a renamed repository answers 301 to its id, in JSON, with path and query kept", async () => {
  const { id } = simulator.addRepository({ owner: "old", name: "name" });
  simulator.rename("old/name", "New/Name");
  const moved = await get("/repos/old/name/issues?state=all");
  expect(moved.status).toBe(301);
  const location = `${simulator.url}/repositories/${id}/issues?state=all`;
  expect(moved.headers.get("location")).toBe(location);
  expect(await moved.json()).toMatchObject({ message: "Moved Permanently", url: location });
  expect(await (await get("/repos/old/name", { redirect: "follow" })).json()).toMatchObject({ full_name: "New/Name" });
});

test("blocked is 451, removed, private and unknown are 404", async () => {
  simulator.addRepository({ owner: "o", name: "blocked" });
  simulator.addRepository({ owner: "o", name: "removed" });
  simulator.addRepository({ owner: "o", name: "private", visibility: "private" });
  simulator.blockLegally("o/blocked");
  simulator.remove("O/Removed");
  expect((await get("/repos/o/blocked/issues")).status).toBe(451);
  for (const path of [
    "/repos/o/removed",
    "/repos/o/private",
    "/repos/o/never",
    "/users/nobody",
    "/nothing",
    "/repos/%/x",
  ]) {
    expect((await get(path)).status).toBe(404);
  }
});

test("an empty repository has no contributors' body, a huge one refuses, and neither is a rate limit", async () => {
  simulator.addRepository({ owner: "o", name: "empty", isEmpty: true });
  simulator.addRepository({ owner: "o", name: "huge", contributorsTooLarge: true });
  const empty = await get("/repos/o/empty/contributors");
  expect([empty.status, await empty.text()]).toEqual([204, ""]);
  const huge = await get("/repos/o/huge/contributors");
  expect(huge.status).toBe(403);
  expect(await huge.json()).toMatchObject({ message: expect.stringContaining("list is too large") });
  expect(Number(huge.headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
});

test("issues switched off are 410", async () => {
  simulator.addRepository({ owner: "o", name: "r", issuesDisabled: true });
  expect((await get("/repos/o/r/issues")).status).toBe(410);
});

test("languages, releases and users are answered, a repository without release 404", async () => {
  const repository = simulator.addRepository({ owner: "o", name: "r", languages: { Go: 10 } });
  simulator.addUser({ login: "cat", name: "The Cat" });
  expect(await json("/repos/o/r/languages")).toEqual({ Go: 10 });
  expect((await get("/repos/o/r/releases/latest")).status).toBe(404);
  repository.release("v2");
  expect(await json(`/repositories/${repository.id}/releases/latest`)).toMatchObject({ tag_name: "v2" });
  expect(await json("/users/CAT")).toMatchObject({ login: "cat", name: "The Cat" });
  expect(await json("/users/o")).toMatchObject({ name: "Name Of o" });
});

test("on an enterprise server the API lies below /api/v3", async () => {
  await simulator.stop();
  simulator = await startGithubSimulator({ enterprise: true });
  simulator.addRepository({ owner: "o", name: "r" });
  expect(simulator.url).toMatch(/\/api\/v3$/);
  expect(await json("/repos/o/r")).toMatchObject({ url: `${simulator.url}/repos/o/r` });
  expect((await fetch(simulator.url.replace("/v3", "/graphql"), { method: "POST" })).status).toBe(401);
});
