import { generateContributors, waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type GithubFixture, startGithubFixture } from "./github-fixture.ts";

let github: GithubFixture;

beforeEach(async () => {
  github = await startGithubFixture();
});
afterEach(() => github.stop());

function addRepository(contributors: number) {
  return github.simulator.addRepository({
    owner: "o",
    name: "r",
    latestRelease: "v1",
    contributors: generateContributors({ count: contributors }),
  });
}

const lookUps = () => github.simulator.requests.filter(({ path }) => path.startsWith("/users/"));

describe("where GraphQL fails, names are asked for one by one", () => {
  test.each([
    ["as HTML", { kind: "html" }],
    ["with a 500", { kind: "status", status: 500 }],
    ["with a 401", { kind: "status", status: 401, body: '{"message":"no"}' }],
    ["with errors only", { kind: "status", status: 200, body: '{"errors":[{"type":"RATE_LIMITED"}]}' }],
    ["by a reset", { kind: "reset" }],
    ["by a redirect", { kind: "redirect", location: "http://127.0.0.1:1/" }],
  ] as const)("%s", async (_, fault) => {
    addRepository(120);
    github.simulator.fault("/graphql", fault);
    const snapshot = await github.collect(github.client(), "o/r");
    expect(snapshot.contributors.every(({ name }) => name?.startsWith("Name Of"))).toBe(true);
    expect(snapshot.partialReasons).toEqual([]);
    expect(lookUps()).toHaveLength(120);
    expect(github.simulator.requests.filter(({ path }) => path === "/graphql")).toHaveLength(1);
  });

  test("and a spent GraphQL limit is remembered apart from REST's", async () => {
    addRepository(3);
    github.simulator.setLimit({ resource: "graphql", remaining: 0 });
    const first = await github.collect(github.client(), "o/r", { userCacheTtlMs: 1 });
    expect(first.contributors[0]?.name).toBe("Name Of contributor-1");
    github.simulator.resetLog();
    const second = await github.collect(github.client(), "o/r", { userCacheTtlMs: 1 });
    expect(second.contributors[0]?.name).toBe("Name Of contributor-1");
    // No GraphQL, and the look-ups are conditional.
    expect(github.simulator.countByStatus()).toEqual({ 304: 8 });
  });
});

describe("a name is decoration", () => {
  test("look-ups that fail leave it null, and are not cached", async () => {
    addRepository(30);
    github.simulator.fault("/graphql", { kind: "status", status: 502 });
    github.simulator.fault("/users/", { kind: "status", status: 502 });
    const partial = await github.collect(github.client(), "o/r");
    expect(partial.contributors.every(({ name }) => name === null)).toBe(true);
    expect(partial.partialReasons).toEqual(["the display names of 30 contributors could not be asked for"]);
    expect(lookUps().length).toBeLessThan(10);
    github.simulator.clearFaults();
    const whole = await github.collect(github.client(), "o/r");
    expect(whole.contributors[29]?.name).toBe("Name Of contributor-30");
    expect(whole.partialReasons).toEqual([]);
  });

  test("a user who is gone has none", async () => {
    addRepository(2);
    github.simulator.fault("/graphql", { kind: "status", status: 502 });
    github.simulator.fault("/users/contributor-2", { kind: "status", status: 404, body: '{"message":"Not Found"}' });
    const snapshot = await github.collect(github.client(), "o/r");
    expect(snapshot.contributors.map(({ name }) => name)).toEqual(["Name Of contributor-1", null]);
    expect(snapshot.partialReasons).toEqual([]);
  });

  test("an abort while names are asked for is still an abort", async () => {
    addRepository(2);
    github.simulator.fault("/graphql", { kind: "hang" });
    const controller = new AbortController();
    const collecting = github.collect(github.client(), "o/r", { signal: controller.signal });
    const aborted = expect(collecting).rejects.toBe("shutdown");
    const hangs = () => github.simulator.requests.some(({ path }) => path === "/graphql");
    await waitUntil(hangs, { what: "the request that hangs" });
    controller.abort("shutdown");
    await aborted;
  });
});

describe("anonymously", () => {
  test("look-ups leave a quarter of the budget", async () => {
    addRepository(90);
    const snapshot = await github.collect(github.client({ token: undefined }), "o/r");
    // Of 60: five for the lists, 15 kept, 40 names.
    expect(lookUps()).toHaveLength(40);
    expect(snapshot.githubRequests).toBe(45);
    expect(snapshot.contributors.filter(({ name }) => name !== null)).toHaveLength(40);
    expect(snapshot.contributors[0]?.name).toBe("Name Of contributor-1");
    expect(snapshot.partialReasons).toEqual(["the display names of 50 contributors could not be asked for"]);
  });

  test("no name is asked for when the lists left less than that", async () => {
    addRepository(3);
    github.simulator.setLimit({ credential: "anonymous", remaining: 20 });
    const snapshot = await github.collect(github.client({ token: undefined }), "o/r");
    expect(lookUps()).toEqual([]);
    expect(snapshot.partialReasons).toEqual(["the display names of 3 contributors could not be asked for"]);
  });

  test("the budget is kept by two replicas together", async () => {
    addRepository(90);
    github.simulator.addRepository({ owner: "o", name: "s", contributors: generateContributors({ count: 90 }) });
    const replicas = [github.client({ token: undefined }), github.client({ token: undefined })] as const;
    await Promise.all([github.collect(replicas[0], "o/r"), github.collect(replicas[1], "o/s")]);
    // Each may have four under way when the budget is nearly used up.
    const { budget } = await replicas[0].readLimit("core");
    expect(budget?.remaining).toBeGreaterThanOrEqual(15 - 8);
    expect(budget?.remaining).toBeLessThanOrEqual(15);
  });

  test("an empty token is none", async () => {
    addRepository(1);
    await github.collect(github.client({ token: "" }), "o/r");
    expect(github.simulator.requests.every(({ credential }) => credential === "anonymous")).toBe(true);
  });
});
