import { PermanentError, TemporaryError } from "@hookline/runtime";
import { type HostileName, type HostileServer, hostileBehaviours, startHostileServer } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type GithubFixture, startGithubFixture } from "./github-fixture.ts";

const TIMEOUTS = { lookup: 500, connect: 500, secureConnect: 500, response: 500, request: 3000 };

/** What is said of each; those that are not listed: that there was no answer in time. */
const SAYS: Partial<Record<HostileName, RegExp>> = {
  "endless-headers": /overflow/i,
  "closed-at-once": /socket hang up|reset/i,
  "reset-at-once": /reset|hang up/i,
  "reset-after-headers": /reset|aborted|hang up/i,
  truncated: /aborted|mismatch|incomplete/i,
  "truncated-chunks": /aborted|incomplete/i,
  "broken-chunks": /parse error/i,
  "longer-than-told": /shape|parse error/i,
  "second-answer": /shape/,
  "two-lengths": /parse error/i,
  "hundred-megabytes": /larger than/,
  "endless-body": /larger than/,
  "gzip-bomb": /larger than/,
  "deflate-bomb": /larger than/,
  "brotli-bomb": /larger than/,
  "zstd-bomb": /larger than|not JSON/,
  "not-gzip-at-all": /header/i,
  "invalid-utf8": /shape/,
  "deep-lists": /shape/,
  "deep-objects": /shape/,
  "forged-prototype": /shape/,
  "not-json": /not JSON/,
  "empty-body": /not JSON/,
  "not-http": /parse error/i,
  "redirect-loop": /redirected more than/,
  "redirect-to-metadata": /another host/,
  "redirect-to-file": /another host/,
};
const MOVED: readonly string[] = ["redirect-to-metadata", "redirect-to-file"];

describe("a GitHub that is broken, careless or malicious", () => {
  let github: GithubFixture;
  let hostile: HostileServer;

  beforeAll(async () => {
    github = await startGithubFixture();
    github.simulator.addRepository({ owner: "octocat", name: "fine" });
    hostile = await startHostileServer({ upstream: github.simulator.url });
  });
  afterAll(() => Promise.all([hostile.stop(), github.stop()]));

  const names = Object.keys(hostileBehaviours) as HostileName[];

  test.each(names)("%s: the collection fails and says why, and the next one is not touched by it", async (name) => {
    const client = github.client({ apiUrl: new URL(hostile.url), timeouts: TIMEOUTS });
    const writtenBefore = hostile.written;
    const before = process.memoryUsage().rss;
    const error = await github.collect(client, `octocat/${name}`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MOVED.includes(name) ? PermanentError : TemporaryError);
    expect(error).toMatchObject({
      code: MOVED.includes(name) ? "repository_unavailable" : "github_unavailable",
      message: expect.stringMatching(SAYS[name] ?? /no answer in time/),
    });
    expect(hostile.written - writtenBefore).toBeLessThan(50_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    const fine = await github.collect(client, "octocat/fine");
    expect(fine).toMatchObject({ user: "octocat", repository: "fine" });
  });
});
