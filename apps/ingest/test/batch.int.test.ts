import type { BatchResult, Problem } from "@hookline/contracts";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const item = (repository: string, more = {}) => ({ username: "octocat", repository, ...more });
const items = (count: number) => Array.from({ length: count }, (_, index) => item(`r${index}`));
const NDJSON = { "content-type": "application/x-ndjson" };

describe("POST /tasks/batch", () => {
  let ingest: TestIngest;
  beforeEach(async () => {
    ingest = await startTestIngest();
  });
  afterEach(() => ingest.stop());

  const post = (body: unknown) => ingest.send<BatchResult & Problem>("POST", "/tasks/batch", { body });
  const postLines = (raw: string) =>
    ingest.send<BatchResult & Problem>("POST", "/tasks/batch", { raw, headers: NDJSON });

  it("queues the good of 1,000 items and names the bad by their index", async () => {
    const bad = new Map<number, unknown>([
      [0, null],
      [7, "octocat/hello-world"],
      [99, item("..")],
      [100, { username: "octocat" }],
      [500, item("x", { scheduleInterval: -1 })],
      [501, item("x", { runAt: "2999-01-01T00:00:00Z" })],
      [502, item("x", { targets: ["team"] })],
      [503, item("x", { targets: [{ kind: "webhook", url: "https://example.com" }] })],
      [998, { ...item("x"), unknown: 1 }],
      [999, []],
    ]);
    const { status, body } = await post(items(1000).map((good, index) => (bad.has(index) ? bad.get(index) : good)));
    expect(status).toBe(202);
    expect([body.accepted, body.duplicates, body.tasks.length]).toEqual([990, 0, 990]);
    expect(body.rejected.map(({ index }) => index)).toEqual([...bad.keys()]);
    expect(body.rejected.map(({ errors }) => errors[0]?.pointer)).toEqual([
      "",
      "",
      "/repository",
      "/repository",
      "/scheduleInterval",
      "/runAt",
      "/targets/0",
      "/targets/0",
      "/unknown",
      "",
    ]);
    expect(body.tasks.every(({ index, repository }) => repository === `r${index}`)).toBe(true);
    expect(await ingest.queued()).toEqual({ tasks: 990, index: 990 });
  });

  it("tells each accepted task in full, under an id that GET knows", async () => {
    const { body } = await post(items(2));
    const [, second] = body.tasks;
    const { index, ok, duplicate, ...task } = second ?? { id: "none" };
    expect({ index, ok, duplicate }).toEqual({ index: 1, ok: "task successfully scheduled", duplicate: false });
    expect(await ingest.task(task.id)).toEqual(task);
  });

  it("counts an item that waits already, and one that stands twice in the batch, as duplicates", async () => {
    const waiting = await ingest.post("waiting");
    const { body } = await post([item("Waiting"), item("new"), item("NEW")]);
    expect([body.accepted, body.duplicates, body.rejected]).toEqual([1, 2, []]);
    expect(body.tasks.map(({ duplicate }) => duplicate)).toEqual([true, false, true]);
    expect(body.tasks[0]?.id).toBe(waiting.id);
    expect(body.tasks[2]?.id).toBe(body.tasks[1]?.id);
    expect(await ingest.queued()).toEqual({ tasks: 2, index: 2 });
  });

  it("takes one item per line, skips blank ones and names the broken by their place among the others", async () => {
    const lines = [
      JSON.stringify(item("one")),
      "",
      "{broken",
      `  ${JSON.stringify(item("two"))}\r`,
      '"text"',
      "  ",
      "null",
    ];
    const { status, body } = await postLines(`${lines.join("\n")}\n`);
    expect(status).toBe(202);
    expect(body.tasks.map(({ index, repository }) => [index, repository])).toEqual([
      [0, "one"],
      [2, "two"],
    ]);
    expect(body.rejected).toEqual([
      { index: 1, errors: [{ pointer: "", message: "is not valid JSON" }] },
      { index: 3, errors: [{ pointer: "", message: "must be object" }] },
      { index: 4, errors: [{ pointer: "", message: "must be object" }] },
    ]);
  });

  it("takes 1,000 lines", async () => {
    const { body } = await postLines(
      items(1000)
        .map((each) => JSON.stringify(each))
        .join("\n"),
    );
    expect(body.accepted).toBe(1000);
  });

  it("answers 202 with nothing accepted when every item is bad", async () => {
    const { status, body } = await post([1, 2]);
    expect([status, body.accepted, body.rejected.length]).toEqual([202, 0, 2]);
  });

  it.each([
    ["no items", "[]"],
    ["1,001 items", JSON.stringify(items(1001))],
    ["an object", JSON.stringify(item("x"))],
    ["a text", '"x"'],
    ["null", "null"],
    ["broken JSON", "[{]"],
    ["nothing", ""],
  ])("of %s answers 400 and queues nothing", async (_what, raw) => {
    const headers = { "content-type": "application/json" };
    const answer = await ingest.send<Problem>("POST", "/tasks/batch", { raw, headers });
    expect(answer).toMatchObject({ status: 400, body: { status: 400, code: 400, error: expect.any(String) } });
    expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
  });

  it.each([
    ["no lines", "\n\n"],
    ["1,001 lines", '{"username":"o","repository":"r"}\n'.repeat(1001)],
  ])("of %s answers 400", async (_what, raw) => {
    expect((await postLines(raw)).status).toBe(400);
    expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
  });

  it("of 2 MiB is read and of a byte more answers 413", async () => {
    const text = JSON.stringify(items(3));
    const fill = (size: number) => text + " ".repeat(size - text.length);
    const headers = { "content-type": "application/json" };
    const size = 2 * 1024 * 1024;
    const over = await ingest.send<Problem>("POST", "/tasks/batch", { raw: fill(size + 1), headers });
    expect(over).toMatchObject({ status: 413, body: { type: "urn:hookline:problem:payload_too_large" } });
    expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
    expect((await ingest.send("POST", "/tasks/batch", { raw: fill(size), headers })).status).toBe(202);
  });

  it.each([
    ["without", {}],
    ["with", { "idempotency-key": "deep" }],
  ])("refuses lists and objects a million deep, %s an Idempotency-Key (it answered 500)", async (_what, key) => {
    const headers = { "content-type": "application/json", ...key };
    const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    const inTargets = `[{"username":"o","repository":"r","targets":${"[".repeat(500_000)}${"]".repeat(500_000)}}]`;
    const objects = `[${'{"a":'.repeat(300_000)}1${"}".repeat(300_000)}]`;
    for (const raw of [deep, inTargets, objects]) {
      const { status, body } = await ingest.send<BatchResult>("POST", "/tasks/batch", { raw, headers });
      // Under one key the second body is another request.
      if (status === 202) expect([body.accepted, body.rejected.length]).toEqual([0, 1]);
      else expect([400, 422]).toContain(status);
    }
    expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
  });

  it("does not keep others waiting when one item has a hundred thousand faults", async () => {
    const members = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`m${n}`, 1]));
    const before = performance.now();
    const { body } = await post([members]);
    expect(body.rejected[0]?.errors).toHaveLength(20);
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe("a batch and the waiting limit", () => {
  let ingest: TestIngest;
  beforeEach(async () => {
    ingest = await startTestIngest({ env: { RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: "10" } });
  });
  afterEach(() => ingest.stop());

  it("queues what there is room for and rejects the rest, the first come first", async () => {
    const { status, body } = await ingest.send<BatchResult>("POST", "/tasks/batch", { body: items(25) });
    expect([status, body.accepted, body.rejected.length]).toEqual([202, 10, 15]);
    expect(body.tasks.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(body.rejected[0]).toEqual({ index: 10, errors: [{ pointer: "", message: "10 tasks are waiting already" }] });
    expect(await ingest.queued()).toEqual({ tasks: 10, index: 10 });
  });

  it("answers 429 with Retry-After when there is no room at all", async () => {
    await ingest.send("POST", "/tasks/batch", { body: items(10) });
    const answer = await ingest.send("POST", "/tasks/batch", { body: [item("more"), item("still-more")] });
    expect(answer).toMatchObject({
      status: 429,
      body: { type: "urn:hookline:problem:too_many_tasks", code: 429, error: "max simultaneous jobs" },
    });
    expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  });

  it("still takes duplicates of what waits", async () => {
    await ingest.send("POST", "/tasks/batch", { body: items(10) });
    const { status, body } = await ingest.send<BatchResult>("POST", "/tasks/batch", {
      body: [item("R3"), item("new")],
    });
    expect([status, body.accepted, body.duplicates]).toEqual([202, 0, 1]);
    expect(body.rejected.map(({ index }) => index)).toEqual([1]);
  });

  it("gives the last place to one of two equal items and calls the other a duplicate", async () => {
    await ingest.send("POST", "/tasks/batch", { body: items(9) });
    const { body } = await ingest.send<BatchResult>("POST", "/tasks/batch", { body: [item("twin"), item("twin")] });
    expect([body.accepted, body.duplicates, body.rejected]).toEqual([1, 1, []]);
  });
});
