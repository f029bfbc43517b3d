import { RetryAfterError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { GithubClient } from "../src/github/client.ts";
import { readLimit } from "../src/github/rate-limit.ts";
import { type GithubFixture, startGithubFixture, TOKEN } from "./github-fixture.ts";

let github: GithubFixture;

beforeEach(async () => {
  github = await startGithubFixture();
  github.simulator.addRepository({ owner: "o", name: "r" });
});
afterEach(() => github.stop());

async function waitOf(client: GithubClient): Promise<RetryAfterError> {
  const error: unknown = await github.collect(client, "o/r").catch((thrown: unknown) => thrown);
  if (!(error instanceof RetryAfterError)) throw new Error(`not a wait: ${String(error)}`);
  expect(error.reason).toBe("github_rate_limit");
  return error;
}

/** A second may have passed since; a reset is told in whole seconds, and up to a second of jitter is added. */
function expectWait(error: Pick<RetryAfterError, "delayMs">, ms: number) {
  expect(error.delayMs).toBeGreaterThan(ms - 1000);
  expect(error.delayMs).toBeLessThanOrEqual(ms + 2000);
}

describe("a spent primary limit", () => {
  test.each([403, 429] as const)("as %s delays until the reset, and no replica asks meanwhile", async (status) => {
    github.simulator.exhaustedStatus = status;
    const resetAt = Date.now() + 1_800_000;
    github.simulator.setLimit({ credential: TOKEN, remaining: 0, resetAt });
    const first = await waitOf(github.client());
    expectWait(first, 1_800_000);
    expect(Date.now() + first.delayMs).toBeGreaterThanOrEqual(resetAt);
    expect(github.simulator.requests).toHaveLength(1);
    const second = await waitOf(github.client());
    expect(Date.now() + second.delayMs).toBeGreaterThanOrEqual(resetAt);
    expect(github.simulator.requests).toHaveLength(1);
    // Another credential has its own.
    await github.collect(github.client({ token: "other" }), "o/r");
  });

  test("is learnt from the last successful answer already", async () => {
    github.simulator.setLimit({ credential: TOKEN, remaining: 1 });
    await waitOf(github.client());
    const refused = github.simulator.requests.filter(({ status }) => status !== 200);
    // Only the parts that were under way beside it were refused.
    expect(refused.length).toBeLessThanOrEqual(4);
    github.simulator.resetLog();
    await waitOf(github.client());
    expect(github.simulator.requests).toEqual([]);
  });

  test("is over once the reset has passed", async () => {
    const start = Date.now();
    let now = start;
    github.simulator.setLimit({ credential: TOKEN, remaining: 0, resetAt: start + 300 });
    const client = github.client({ now: () => now });
    const { delayMs } = await waitOf(client);
    await waitUntil(() => Date.now() > start + 300, { what: "the reset" });
    now += delayMs;
    const snapshot = await github.collect(client, "o/r");
    expect(snapshot.user).toBe("o");
  });

  test("is not shortened by the answer to an older request", async () => {
    const client = github.client();
    github.simulator.fault("/repos/o/r", { kind: "delay", ms: 200 }, { times: 1 });
    const late = client.open().get(new URL(`${github.simulator.url}/repos/o/r`), () => 0);
    await waitUntil(() => github.simulator.requests.length === 1, { what: "the older request" });
    const resetAt = Math.ceil(Date.now() / 1000) * 1000 + 600_000;
    await github.redis.hset(github.keys.githubLimit(client.credential, "core"), { blockedUntil: resetAt });
    await late;
    expect((await client.readLimit("core")).blockedUntil).toBe(resetAt);
    expectWait(await waitOf(client), resetAt - Date.now());
  });

  test("tells what is left through readLimit", async () => {
    const client = github.client();
    await github.collect(client, "o/r");
    const { redis, keys } = github;
    const state = await readLimit({ redis, keys, credential: client.credential }, "core");
    expect(state).toMatchObject({ blockedUntil: 0, strikes: 0, budget: { limit: 5000, remaining: 4995 } });
    expect(client.credential).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe("a secondary limit", () => {
  test("with Retry-After is obeyed in full, for every resource and by every replica", async () => {
    github.simulator.triggerSecondaryLimit({ status: 429, retryAfterSeconds: 90, forMs: 60_000 });
    expectWait(await waitOf(github.client()), 90_000);
    expect(github.simulator.requests).toHaveLength(1);
    const other = github.client();
    expectWait(await waitOf(other), 90_000);
    await expect(other.open().graphql("query { x }", {}, () => 0)).rejects.toThrow(RetryAfterError);
    expect(github.simulator.requests).toHaveLength(1);
  });

  test("without one waits a minute, doubling up to an hour, and is forgotten after a success", async () => {
    let now = Date.now();
    const client = github.client({ now: () => now });
    github.simulator.triggerSecondaryLimit({ retryAfterSeconds: null, forMs: 60_000 });
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const { delayMs } = await waitOf(client);
      expectWait({ delayMs }, minutes * 60_000);
      now += delayMs + 1;
    }
    github.simulator.triggerSecondaryLimit({ forMs: 0 });
    await github.collect(client, "o/r");
    expect((await client.readLimit("core")).strikes).toBe(0);
    github.simulator.triggerSecondaryLimit({ retryAfterSeconds: null, forMs: 60_000 });
    expectWait(await waitOf(client), 60_000);
  });

  test("met by many requests under way at once counts once", async () => {
    const client = github.client();
    github.simulator.latencyMs = 100;
    const session = client.open();
    github.simulator.triggerSecondaryLimit({ retryAfterSeconds: null, forMs: 60_000 });
    const asked = Array.from({ length: 8 }, (_, index) =>
      session.get(session.toUrl(["users", `u${index}`]), () => 0).catch((error: unknown) => error),
    );
    for (const error of await Promise.all(asked)) expect(error).toBeInstanceOf(RetryAfterError);
    const { blockedUntil, strikes } = await client.readLimit("core");
    expect(strikes).toBe(1);
    expect(blockedUntil - Date.now()).toBeLessThanOrEqual(60_000);
  });
});
