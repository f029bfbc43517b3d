import { afterEach, expect, test } from "@jest/globals";
import { generateContributors, generateIssues } from "./generate.ts";
import { type GithubSimulator, startGithubSimulator } from "./simulator.ts";

let simulator: GithubSimulator;

afterEach(() => simulator.stop());

interface Numbered {
  number: number;
  pull_request?: unknown;
}

function toNext(response: Response): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
}

async function readAll(first: string): Promise<Numbered[]> {
  const all: Numbered[] = [];
  for (let url: string | undefined = first; url !== undefined; ) {
    const response: Response = await fetch(url);
    all.push(...((await response.json()) as Numbered[]));
    url = toNext(response);
  }
  return all;
}

async function startWithIssues(usesCursors: boolean): Promise<string> {
  simulator = await startGithubSimulator();
  const issues = generateIssues({ count: 250, pullRequestEvery: 5, closedEvery: 50 });
  simulator.addRepository({ owner: "Octo", name: "Big", issues, usesCursors });
  return `${simulator.url}/repos/octo/big/issues`;
}

test("numbered pages link to the repository's id and hold every open issue and pull request once", async () => {
  const url = await startWithIssues(false);
  const first = await fetch(`${url}?per_page=100`);
  const link = first.headers.get("link") ?? "";
  expect(link).toMatch(new RegExp(`<${simulator.url}/repositories/\\d+/issues\\?per_page=100&page=2>; rel="next"`));
  expect(link).toContain('page=3>; rel="last"');
  expect(link).not.toContain('rel="prev"');
  const second = await fetch(`${url}?per_page=100&page=2`);
  expect(second.headers.get("link")).toMatch(/rel="prev".*rel="first"/);
  const all = await readAll(`${url}?per_page=100`);
  expect(new Set(all.map(({ number }) => number)).size).toBe(245);
  expect(all).toHaveLength(245);
  expect(all.filter((issue) => issue.pull_request !== undefined)).toHaveLength(45);
  expect(all[0]?.number).toBe(249);
});

test("a page holds 30 items by default and never more than 100", async () => {
  const url = await startWithIssues(false);
  expect(await (await fetch(url)).json()).toHaveLength(30);
  expect(await (await fetch(`${url}?per_page=500&state=all`)).json()).toHaveLength(100);
});

test("a large repository is paged by cursor, names no last page and refuses page numbers", async () => {
  const url = await startWithIssues(true);
  const first = await fetch(`${url}?per_page=100`);
  expect(first.headers.get("link")).toMatch(/[?&]after=[^&>]+/);
  expect(first.headers.get("link")).not.toMatch(/rel="last"|[?&]page=/);
  expect(await readAll(`${url}?per_page=100&direction=asc`)).toHaveLength(245);
  expect((await fetch(`${url}?page=2`)).status).toBe(422);
  expect((await fetch(`${url}?after=nonsense`)).status).toBe(422);
});

test("the cursor before a page leads back to the page before it", async () => {
  const url = await startWithIssues(true);
  const first = await fetch(`${url}?per_page=10`);
  const second = await fetch(toNext(first) ?? "");
  const back = /<([^>]+)>; rel="prev"/.exec(second.headers.get("link") ?? "")?.[1];
  expect(await (await fetch(back ?? "")).json()).toEqual(await first.json());
});

test("issues come in the asked order and state", async () => {
  simulator = await startGithubSimulator();
  const repository = simulator.addRepository({ owner: "o", name: "r", issues: generateIssues({ count: 3 }) });
  repository.closeIssue(1);
  repository.openIssue({ title: "New", author: null, labels: ["bug"] });
  const numbers = async (query: string) => {
    const response = await fetch(`${simulator.url}/repos/o/r/issues?${query}`);
    return ((await response.json()) as Numbered[]).map(({ number }) => number);
  };
  expect(await numbers("")).toEqual([4, 3, 2]);
  expect(await numbers("direction=asc")).toEqual([2, 3, 4]);
  expect(await numbers("state=closed")).toEqual([1]);
  expect(await numbers("state=all&sort=updated&direction=asc")).toEqual([2, 3, 1, 4]);
});

test("contributors are sorted, paged, and anonymous only on request", async () => {
  simulator = await startGithubSimulator();
  const contributors = generateContributors({ count: 150, anonymousEvery: 10, botEvery: 25 });
  simulator.addRepository({ owner: "o", name: "r", contributors: contributors.reverse() });
  const url = `${simulator.url}/repos/o/r/contributors?per_page=100`;
  const all = (await readAll(url)) as unknown as { login: string; contributions: number; type: string }[];
  expect(all).toHaveLength(135);
  expect(all[0]).toMatchObject({ login: "contributor-1", contributions: 150 });
  expect(all.find(({ login }) => login === "robot-25[bot]")?.type).toBe("Bot");
  expect(await readAll(`${url}&anon=1`)).toHaveLength(150);
});
