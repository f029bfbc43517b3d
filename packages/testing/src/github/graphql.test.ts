import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type GithubSimulator, startGithubSimulator } from "./simulator.ts";

let simulator: GithubSimulator;

beforeEach(async () => {
  simulator = await startGithubSimulator({ tokens: ["one"] });
  simulator.addUser({ login: "Octocat", name: "The Octocat" });
  simulator.addUser({ login: "robot[bot]" });
});
afterEach(() => simulator.stop());

const post = (body: unknown, token = "one") =>
  fetch(`${simulator.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token !== "" && { authorization: `Bearer ${token}` }) },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const ask = async (body: unknown) => (await post(body)).json();

test("aliased users are answered by their canonical login, and missing ones and bots as null with an error", async () => {
  const query =
    'query { a: user(login: "octocat") { login name } b: user(login: "no-one") { name } c: user(login: "robot[bot]") { name } }';
  const answer = await ask({ query });
  expect(answer).toMatchObject({
    data: { a: { login: "Octocat", name: "The Octocat" }, b: null, c: null },
    errors: [
      { type: "NOT_FOUND", path: ["b"] },
      { type: "NOT_FOUND", path: ["c"] },
    ],
  });
});

test("logins may be variables, which must be declared and given", async () => {
  const query = "query Names($l0: String!) { u0: user(login: $l0) { login, name } }";
  expect(await ask({ query, variables: { l0: "octocat" } })).toEqual({
    data: { u0: { login: "Octocat", name: "The Octocat" } },
  });
  expect(await ask({ query })).toMatchObject({ errors: [{ message: expect.stringContaining("$l0") }] });
  expect(await ask({ query: "{ user(login: $x) { name } }" })).toMatchObject({ errors: [{}] });
});

test("a token is needed, and JSON, and known fields", async () => {
  expect((await post({ query: "" }, "")).status).toBe(401);
  expect((await post({ query: "" }, "bad")).status).toBe(401);
  expect((await post("{")).status).toBe(400);
  expect(await ask({ query: '{ user(login: "octocat") { nickname } }' })).toMatchObject({ errors: [{}] });
  expect(await ask({ query: "{ viewer { login } }" })).toMatchObject({ errors: [{}] });
});

test("a hundred users are accepted and one more is an error", async () => {
  const toQuery = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `u${index}: user(login: "octocat") { name }`).join("\n")} }`;
  expect(await ask({ query: toQuery(100) })).not.toHaveProperty("errors");
  expect(await ask({ query: toQuery(101) })).not.toHaveProperty("data");
});

test("it has a limit of its own, and when that is spent says so inside a 200", async () => {
  const query = '{ user(login: "octocat") { name } }';
  const first = await post({ query });
  expect(first.headers.get("x-ratelimit-resource")).toBe("graphql");
  expect(first.headers.get("x-ratelimit-remaining")).toBe("4999");
  simulator.setLimit({ credential: "one", resource: "graphql", remaining: 0 });
  const spent = await post({ query });
  expect([spent.status, spent.headers.get("x-ratelimit-remaining")]).toEqual([200, "0"]);
  expect(await spent.json()).toMatchObject({ errors: [{ type: "RATE_LIMITED" }] });
  const core = await fetch(`${simulator.url}/users/octocat`, { headers: { authorization: "token one" } });
  expect(core.headers.get("x-ratelimit-remaining")).toBe("4999");
});
