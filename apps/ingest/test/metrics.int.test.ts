import { lintExposition, parseExposition } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const MOST_VALUES = 50;
/** Those of Node tell of kinds of handles, of which there are more at times. */
const countOwn = (text: string) => text.match(/^hookline_/gm)?.length;

describe("ingest's /metrics", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ env: { API_KEYS: "a-key", RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: "3" } });
  });
  afterAll(() => ingest.stop());

  const authorization = { authorization: "Bearer a-key" };
  const scrape = async () => (await ingest.send("GET", "/metrics", { headers: authorization })).text;
  const read = async (name: string, labels: Record<string, string> = {}) =>
    parseExposition(await scrape())
      .flatMap(({ samples }) => samples)
      .find(
        (sample) => sample.name === name && Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
      )?.value;

  it("keeps to Prometheus's conventions", async () => {
    expect(lintExposition(await scrape(), MOST_VALUES)).toEqual([]);
  });

  it("tells what can happen before it has, at 0", async () => {
    const refused = { method: "POST", route: "/tasks", status: "429" };
    expect(await read("hookline_http_requests_total", refused)).toBe(0);
    expect(await read("hookline_problems_total", { problem: "unavailable" })).toBe(0);
    expect(await read("hookline_tasks_accepted_total", { result: "duplicate" })).toBe(0);
    expect(await read("hookline_lane_state", { target: "default", state: "disabled" })).toBe(0);
    expect(await read("hookline_waiting_tasks_limit")).toBe(3);
    expect(await read("hookline_redis_up")).toBe(1);
    expect(await read("hookline_build_info", { version: "0.1.0" })).toBe(1);
  });

  it("counts what is queued, what is a duplicate, and what is refused and why", async () => {
    await ingest.post("first");
    await ingest.post("first");
    expect((await ingest.send("POST", "/tasks", { body: {}, headers: authorization })).status).toBe(400);
    expect(await read("hookline_tasks_accepted_total", { result: "queued" })).toBe(1);
    expect(await read("hookline_tasks_accepted_total", { result: "duplicate" })).toBe(1);
    expect(await read("hookline_problems_total", { problem: "invalid_request" })).toBe(1);
    expect(await read("hookline_queue_jobs", { queue: "tasks", state: "delayed" })).toBe(1);
    const posted = { method: "POST", route: "/tasks", status: "202" };
    expect(await read("hookline_http_requests_total", posted)).toBe(2);
  });

  it("has no more series after thousands of odd methods, routes and targets", async () => {
    const ask = async (index: number) => {
      const url = "https://chat.example/x";
      await ingest.send("PROPFIND", `/tasks/${index}`, { headers: authorization });
      await ingest.send("GET", `/no/such/${index}`, { headers: { "x-request-id": `r${index}` } });
      await ingest.send("GET", `/tasks/t${index}`, { headers: authorization });
      await ingest.send("POST", `/webhooks/basecamp/recordings/token-${index}`, { body: {} });
      const body = { username: "octocat", repository: "first", targets: [{ kind: "slack", url: url + index }] };
      await ingest.send("POST", "/tasks", { body, headers: authorization });
    };
    await Promise.all([-1, -2, -3].map(ask));
    const before = countOwn(await scrape());
    for (let start = 0; start < 400; start += 40) {
      await Promise.all(Array.from({ length: 40 }, (_, offset) => ask(start + offset)));
    }
    const text = await scrape();
    expect(countOwn(text)).toBe(before);
    expect(text).not.toMatch(/PROPFIND|token-|chat\.example|no\/such/);
    expect(lintExposition(text, MOST_VALUES)).toEqual([]);
  });
});
