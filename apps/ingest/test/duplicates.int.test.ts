import { RetryAfterError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { createGate, startTestWorker, type TestWorker, toResult } from "./support/worker.ts";

const KEY = "a-key-of-the-tests";
const INLINE = { kind: "webhook", url: "https://example.com/hook" };

describe("the same request", () => {
  let ingest: TestIngest;
  let worker: TestWorker | undefined;
  beforeAll(async () => {
    ingest = await startTestIngest({ env: { API_KEYS: KEY } });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
  });
  afterAll(() => ingest.stop());

  const get = async (id: string) => {
    const headers = { authorization: `Bearer ${KEY}` };
    return (await ingest.send<{ status: string }>("GET", `/tasks/${id}`, { headers })).body;
  };
  const until = (id: string, status: string) =>
    waitUntil(async () => (await get(id)).status === status, { what: `task ${id} is ${status}` });

  it("while it waits is answered with the waiting task, whatever the letters' case", async () => {
    const first = await ingest.post("Case");
    const second = await ingest.post("cASE", { username: "OctoCat" });
    const { duplicate, ...known } = second;
    expect(duplicate).toBe(true);
    expect(known).toEqual({ ...first, duplicate: undefined });
    expect((await ingest.queued()).index).toBe((await ingest.queued()).tasks);
  });

  it("keeps the options of the first", async () => {
    const first = await ingest.post("options", { scheduleInterval: 900_000, retryMaxAttempts: 1 });
    const second = await ingest.post("options", { scheduleInterval: 0, retryMaxAttempts: 9 });
    expect([second.id, second.runAt, second.attempts.max]).toEqual([first.id, first.runAt, 2]);
  });

  it("to other targets is another request, in any order of the same ones the same", async () => {
    const plain = await ingest.post("targets");
    const both = await ingest.post("targets", { targets: ["default", INLINE] });
    const turned = await ingest.post("targets", { targets: [INLINE, "default", "default"] });
    const named = await ingest.post("targets", { targets: ["default"] });
    expect(both.duplicate).toBe(false);
    expect([turned.duplicate, turned.id]).toEqual([true, both.id]);
    expect([named.duplicate, named.id]).toEqual([true, plain.id]);
  });

  it.each([
    ["another owner", { username: "octocat2" }],
    ["another repository", { repository: "pair-2" }],
    ["a name cut at another place", { username: "octocat-pair", repository: "1" }],
  ])("is not one with %s", async (_what, more) => {
    await ingest.post("pair-1");
    expect((await ingest.post("pair-1", more)).duplicate).toBe(false);
  });

  it("while the first runs makes a new task", async () => {
    const gate = createGate();
    worker = await startTestWorker(ingest, {
      "github.digest": async () => {
        await gate.opened;
        return toResult({ outcome: "unchanged" });
      },
    });
    const first = await ingest.post("running", { scheduleInterval: 0 });
    await until(first.id, "running");
    const second = await ingest.post("running", { scheduleInterval: 600_000 });
    expect(second).toMatchObject({ duplicate: false, status: "scheduled" });
    gate.open();
    await until(first.id, "unchanged");
    expect((await ingest.post("running")).id).toBe(second.id);
  });

  it.each([
    ["for the other side", () => new RetryAfterError(600_000, "github_rate_limit")],
    ["for its next attempt", () => new Error("boom")],
  ])("while the first waits again %s is answered with it", async (_what, error) => {
    const repository = `again-${_what.length}`;
    worker = await startTestWorker(ingest, { "github.digest": async () => Promise.reject(error()) });
    const first = await ingest.post(repository, { scheduleInterval: 0, rescheduleInterval: 600_000 });
    await until(first.id, "scheduled");
    expect(await ingest.post(repository)).toMatchObject({ duplicate: true, id: first.id });
  });

  it("after the first has ended or was cancelled makes a new task", async () => {
    const cancelled = await ingest.post("ended");
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await ingest.send("DELETE", `/tasks/${cancelled.id}`, { headers })).status).toBe(204);
    worker = await startTestWorker(ingest);
    const delivered = await ingest.post("ended", { scheduleInterval: 0 });
    expect(delivered.duplicate).toBe(false);
    await until(delivered.id, "delivered");
    expect((await ingest.post("ended")).duplicate).toBe(false);
  });

  it("50 times at once makes one task", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => ingest.post("at-once")));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  });
});
