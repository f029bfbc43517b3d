import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { waitUntil } from "../wait-until.ts";
import { type GithubSimulator, startGithubSimulator } from "./simulator.ts";

let simulator: GithubSimulator;

beforeEach(async () => {
  simulator = await startGithubSimulator();
  simulator.addRepository({ owner: "o", name: "r" });
});
afterEach(() => simulator.stop());

const get = (init: RequestInit = {}) => fetch(`${simulator.url}/repos/o/r`, { redirect: "manual", ...init });

test("a status fault is met as often as asked, by the requests that match", async () => {
  simulator.fault(
    /\/repos\/o\/r$/g,
    { kind: "status", status: 502, body: "bad", headers: { "Retry-After": "3" } },
    { times: 1 },
  );
  simulator.fault((path) => path.includes("languages"), { kind: "status", status: 500 });
  const broken = await get();
  expect([broken.status, await broken.text(), broken.headers.get("retry-after")]).toEqual([502, "bad", "3"]);
  expect((await get()).status).toBe(200);
  expect((await fetch(`${simulator.url}/repos/o/r/languages`)).status).toBe(500);
  simulator.clearFaults();
  expect((await fetch(`${simulator.url}/repos/o/r/languages`)).status).toBe(200);
});

test("a reset gives no answer at all, a truncated body breaks off", async () => {
  simulator.fault("/repos", { kind: "reset" }, { times: 1 });
  await expect(get()).rejects.toThrow();
  simulator.fault("/repos", { kind: "truncate" }, { times: 1 });
  const cut = await get();
  expect(cut.status).toBe(200);
  await expect(cut.text()).rejects.toThrow();
  expect(simulator.requests.map(({ status }) => status)).toEqual([0, 200]);
});

test("HTML, broken JSON and redirects come as told", async () => {
  simulator.fault("/repos", { kind: "html" }, { times: 1 });
  simulator.fault("/repos", { kind: "invalid-json" }, { times: 1 });
  simulator.fault("/repos", { kind: "redirect", location: "http://example.test/" }, { times: 1 });
  expect((await get()).headers.get("content-type")).toMatch(/^text\/html/);
  await expect((await get()).json()).rejects.toThrow(/JSON/);
  const redirect = await get();
  expect([redirect.status, redirect.headers.get("location")]).toEqual([302, "http://example.test/"]);
});

test("a delayed answer is a normal one, and latency holds for all", async () => {
  simulator.fault("/repos", { kind: "delay", ms: 60 }, { times: 1 });
  const before = performance.now();
  expect((await get()).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThan(50);
  simulator.latencyMs = 150;
  await Promise.all([get(), get(), get()]);
  expect(simulator.maxConcurrent).toBe(3);
});

test("a hanging request never ends, and stopping closes it at once", async () => {
  simulator.fault("/repos", { kind: "hang" });
  const hanging = get();
  const outcome = expect(hanging).rejects.toThrow();
  await waitUntil(() => simulator.requests.length === 1, { what: "the request" });
  await simulator.stop();
  await outcome;
});
