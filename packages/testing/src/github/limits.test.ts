import { request as httpRequest } from "node:http";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { waitUntil } from "../wait-until.ts";
import { type GithubSimulator, startGithubSimulator } from "./simulator.ts";

let simulator: GithubSimulator;

beforeEach(async () => {
  simulator = await startGithubSimulator({ tokens: ["one", "two"] });
  simulator.addRepository({ owner: "o", name: "r" });
});
afterEach(() => simulator.stop());

const get = (token?: string, headers: Record<string, string> = {}) =>
  fetch(`${simulator.url}/repos/o/r`, {
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  });
const remaining = (response: Response) => Number(response.headers.get("x-ratelimit-remaining"));

test("limits are counted per credential: 5,000 with a token, 60 without", async () => {
  expect(remaining(await get("one"))).toBe(4_999);
  expect(remaining(await get("two"))).toBe(4_999);
  expect(remaining(await get())).toBe(59);
  const rates = await fetch(`${simulator.url}/rate_limit`);
  expect(await rates.json()).toMatchObject({ resources: { core: { limit: 60, remaining: 59, used: 1 } } });
});

test("an ETag is weak and differs per credential, and a 304 is empty and free only with a token", async () => {
  const [one, two, anonymous] = [await get("one"), await get("two"), await get()];
  const etags = [one, two, anonymous].map((response) => response.headers.get("etag") ?? "");
  expect(new Set(etags).size).toBe(3);
  expect(etags[0]).toMatch(/^W\/"[0-9a-f]{64}"$/);
  const free = await get("one", { "if-none-match": etags[0] ?? "" });
  expect([free.status, await free.text(), free.headers.get("etag"), remaining(free)]).toEqual([
    304,
    "",
    etags[0],
    4_999,
  ]);
  const paid = await get(undefined, { "if-none-match": etags[2] ?? "" });
  expect([paid.status, remaining(paid)]).toEqual([304, 58]);
  expect((await get("two", { "if-none-match": etags[0] ?? "" })).status).toBe(200);
});

test("a spent limit answers 403 or 429 with remaining 0, and fills again when its reset has passed", async () => {
  const resetAt = Date.now() + 150;
  simulator.setLimit({ credential: "one", remaining: 1, resetAt });
  expect((await get("one")).status).toBe(200);
  const spent = await get("one");
  expect([spent.status, remaining(spent)]).toEqual([403, 0]);
  expect(Number(spent.headers.get("x-ratelimit-reset"))).toBe(Math.ceil(resetAt / 1000));
  expect(await spent.json()).toMatchObject({ message: expect.stringMatching(/^API rate limit exceeded/) });
  simulator.exhaustedStatus = 429;
  expect((await get("one")).status).toBe(429);
  expect((await get("two")).status).toBe(200);
  const again = await waitUntil(async () => (await get("one")).ok, { what: "the reset" });
  expect(again).toBe(true);
});

test("a limit set for everyone holds for credentials not seen yet", async () => {
  simulator.setLimit({ remaining: 0 });
  expect((await get("one")).status).toBe(403);
  expect((await get()).status).toBe(403);
});

test("the secondary limit answers everything until it ends, with or without Retry-After", async () => {
  simulator.triggerSecondaryLimit({ status: 429, retryAfterSeconds: 7, forMs: 5_000 });
  const limited = await get("one");
  expect([limited.status, limited.headers.get("retry-after"), remaining(limited)]).toEqual([429, "7", 5_000]);
  expect(await limited.json()).toMatchObject({ message: expect.stringContaining("secondary rate limit") });
  simulator.triggerSecondaryLimit({ retryAfterSeconds: null, forMs: 50 });
  const bare = await get();
  expect([bare.status, bare.headers.get("retry-after")]).toEqual([403, null]);
  await waitUntil(async () => (await get("one")).ok, { what: "the end of the secondary limit" });
});

test("an unknown token is 401, and the log keeps no token", async () => {
  const bad = await get("three");
  expect(bad.status).toBe(401);
  expect(await bad.json()).toMatchObject({ message: "Bad credentials" });
  await get("one", { "if-none-match": 'W/"x"' });
  await get();
  expect(simulator.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
  expect(simulator.requests[1]).toMatchObject({ method: "GET", path: "/repos/o/r", conditional: true });
  expect(simulator.requests[1]?.credential).toMatch(/^token:[0-9a-f]{8}$/);
  expect(simulator.requests[2]?.credential).toBe("anonymous");
  expect(JSON.stringify(simulator.requests)).not.toMatch(/Bearer|three/);
  expect(simulator.countByStatus()).toEqual({ 200: 2, 401: 1 });
  simulator.resetLog();
  expect(simulator.requests).toEqual([]);
});

test("a request without User-Agent is refused in HTML", async () => {
  const response = await new Promise<{ status: number | undefined; type: string | undefined }>((resolve, reject) => {
    httpRequest(`${simulator.url}/repos/o/r`, (message) => {
      message.resume();
      resolve({ status: message.statusCode, type: message.headers["content-type"] });
    })
      .once("error", reject)
      .end();
  });
  expect(response).toEqual({ status: 403, type: "text/html; charset=utf-8" });
});
