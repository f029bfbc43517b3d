import { inspect } from "node:util";
import { PermanentError, TemporaryError } from "@hookline/runtime";
import { generateIssues, waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listIssues } from "../src/github/issues.ts";
import { getRepository } from "../src/github/repository.ts";
import { type GithubFixture, startGithubFixture, TOKEN } from "./github-fixture.ts";

let github: GithubFixture;

beforeEach(async () => {
  github = await startGithubFixture();
  github.simulator.addRepository({ owner: "o", name: "r", issues: generateIssues({ count: 350 }) });
});
afterEach(() => github.stop());

const TIMEOUTS = { response: 300, request: 600 };

async function failure(fullName = "o/r", client = github.client({ timeouts: TIMEOUTS })): Promise<unknown> {
  const error = await github.collect(client, fullName).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  return error;
}

function expectPermanent(error: unknown, code: string) {
  expect(error).toBeInstanceOf(PermanentError);
  expect(error).toMatchObject({ code });
}

describe("what repeating cannot mend fails at once", () => {
  test("a missing repository, after one request", async () => {
    expectPermanent(await failure("o/missing"), "repository_not_found");
    expect(github.simulator.requests).toHaveLength(1);
  });

  test("a repository withheld for legal reasons", async () => {
    github.simulator.blockLegally("o/r");
    expectPermanent(await failure(), "repository_unavailable");
  });

  test("a token GitHub does not know", async () => {
    expectPermanent(await failure("o/r", github.client({ token: "revoked" })), "bad_credentials");
  });

  test("a 403 that is no limit", async () => {
    const body = '{"message":"Repository access blocked"}';
    github.simulator.fault("/repos/o/r", { kind: "status", status: 403, body });
    expectPermanent(await failure(), "repository_forbidden");
  });

  test("a redirect to another host, which never sees a request", async () => {
    const other = await startGithubFixture();
    try {
      github.simulator.fault("/repos/o/r", { kind: "redirect", location: `${other.simulator.url}/repos/o/r` });
      expectPermanent(await failure(), "repository_unavailable");
      expect(other.simulator.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

describe("what may pass uses an attempt", () => {
  test.each([
    ["a 500", { kind: "status", status: 500 }],
    ["a 502 with HTML", { kind: "status", status: 502, body: "<html>Unicorn</html>" }],
    ["HTML", { kind: "html" }],
    ["a 403 that is not GitHub's", { kind: "status", status: 403, body: "<html>" }],
    ["JSON that is cut", { kind: "invalid-json" }],
    ["JSON of another shape", { kind: "status", status: 200, body: "[]" }],
    ["a truncated body", { kind: "truncate" }],
    ["a reset", { kind: "reset" }],
    ["silence", { kind: "hang" }],
    ["a redirect in a circle", { kind: "redirect", location: "/repos/o/r" }],
    ["a 304 that was not asked for", { kind: "status", status: 304 }],
  ] as const)("%s", async (_, fault) => {
    github.simulator.fault("/repos/o/r", fault);
    const error = await failure();
    expect(error).toBeInstanceOf(TemporaryError);
    expect(error).toMatchObject({ code: "github_unavailable" });
    expect(github.simulator.requests).toHaveLength(fault.kind === "redirect" ? 4 : 1);
  });

  test("a server that is not there", async () => {
    const error = await failure("o/r", github.client({ apiUrl: new URL("http://127.0.0.1:1") }));
    expect(error).toMatchObject({ code: "github_unavailable" });
  });
});

test("a body larger than any page of GitHub's is cut off", async () => {
  const huge = await startGithubFixture({ extraRoutes: { "/repos/o/huge": () => "x".repeat(25_000_000) } });
  try {
    const error: unknown = await huge.collect(huge.client(), "o/huge").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "github_unavailable", message: expect.stringContaining("larger than") });
  } finally {
    await huge.stop();
  }
});

test("when one part fails, the others are aborted and the first failure is told", async () => {
  github.simulator.fault(/languages/, { kind: "status", status: 500 });
  github.simulator.fault(/issues/, { kind: "hang" });
  const started = Date.now();
  const error = await failure("o/r", github.client());
  expect(error).toMatchObject({ message: "GitHub answered 500" });
  expect(Date.now() - started).toBeLessThan(2000);
});

test("an abort ends the work at once with the signal's reason", async () => {
  github.simulator.fault(/issues/, { kind: "hang" });
  const controller = new AbortController();
  const collecting = github.collect(github.client(), "o/r", { signal: controller.signal });
  const aborted = expect(collecting).rejects.toThrow("shutdown");
  const hangs = () => github.simulator.requests.some(({ path }) => path.includes("issues"));
  await waitUntil(hangs, { what: "the request that hangs" });
  controller.abort(new Error("shutdown"));
  await aborted;
  github.simulator.resetLog();
  await expect(github.collect(github.client(), "o/r", { signal: controller.signal })).rejects.toThrow("shutdown");
  expect(github.simulator.requests).toEqual([]);
});

test("a list that is cut says how much of it was read", async () => {
  const session = github.client().open();
  const facts = await getRepository(session, "o", "r");
  const { issues, partialReason } = await listIssues(session, facts, 2);
  expect(issues).toHaveLength(200);
  expect(partialReason).toBe("only the oldest 200 of 350 open issues and pull requests were read");
});

test("a next page that leads back is an error, not a circle", async () => {
  const link = `<${github.simulator.url}/repos/o/r/issues?state=open&sort=created&direction=asc&per_page=100>; rel="next"`;
  github.simulator.fault(/issues/, { kind: "status", status: 200, body: "[]", headers: { link } });
  expect(await failure()).toMatchObject({ code: "github_unavailable", message: expect.stringContaining("next page") });
});

test("no error holds the token, however deep one looks", async () => {
  for (const kind of ["reset", "hang", "truncate", "html"] as const) {
    github.simulator.clearFaults();
    github.simulator.fault("/repos/o/r", { kind });
    const error = await failure();
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(TOKEN);
  }
});

test("a damaged cache entry costs one full answer", async () => {
  const client = github.client();
  await github.collect(client, "o/r");
  const url = `${github.simulator.url}/repos/o/r`;
  await github.redis.set(github.keys.conditional(client.credential, url), "\u001fbroken", "PX", 60_000);
  github.simulator.resetLog();
  const snapshot = await github.collect(client, "o/r");
  expect(snapshot.issues).toHaveLength(350);
  expect(github.simulator.requests.filter(({ path }) => path === "/repos/o/r")[0]?.status).toBe(200);
});
