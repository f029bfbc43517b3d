import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const NDJSON = "application/x-ndjson";
const BODY = { username: "octocat", repository: "hello-world" };

describe("an Idempotency-Key", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({
      env: { API_KEYS: "key-of-alice,key-of-bob", RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: "40" },
    });
  });
  afterAll(() => ingest.stop());

  const post = (key: string, body: unknown, { who = "alice", path = "/tasks" } = {}) =>
    ingest.send("POST", path, { body, headers: { authorization: `Bearer key-of-${who}`, "idempotency-key": key } });
  const repositories = (name: string) => ({ ...BODY, repository: name });

  it("repeats the first answer, also once the task is gone", async () => {
    const first = await post("replay", repositories("replay"));
    await ingest.send("DELETE", `/tasks/${String(first.body.id)}`, {
      headers: { authorization: "Bearer key-of-alice" },
    });
    const { tasks } = await ingest.queued();
    const second = await post("replay", repositories("replay"));
    expect([second.status, second.text, second.headers.location]).toEqual([202, first.text, first.headers.location]);
    expect((await ingest.queued()).tasks).toBe(tasks);
  });

  it("repeats the answer of a batch", async () => {
    const body = [repositories("batch-1"), repositories("..")];
    const first = await post("batch", body, { path: "/tasks/batch" });
    const second = await post("batch", body, { path: "/tasks/batch" });
    expect([second.status, second.text]).toEqual([202, first.text]);
    expect(first.body).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  it("is kept for 24 hours", async () => {
    await post("kept", repositories("kept"));
    const { redis, keys } = ingest.deps;
    const ttl = await redis.pttl(keys.idempotency("key-of-alice", "kept"));
    expect(ttl).toBeGreaterThan(86_000_000);
    expect(ttl).toBeLessThanOrEqual(86_400_000);
  });

  it("belongs to one body: another answers 422", async () => {
    await post("other-body", repositories("first-body"));
    const answer = await post("other-body", repositories("second-body"));
    expect(answer).toMatchObject({ status: 422, body: { type: "urn:hookline:problem:idempotency_key_reused" } });
  });

  it("belongs to one route: the same list as a task and as a batch is another request", async () => {
    await post("other-route", repositories("route"));
    expect((await post("other-route", repositories("route"), { path: "/tasks/batch" })).status).not.toBe(202);
  });

  it("queues once when 20 requests come at once: one is answered, the others 409 or its answer", async () => {
    const before = (await ingest.queued()).tasks;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post("at-once", repositories("at-once"))));
    const accepted = answers.filter(({ status }) => status === 202);
    const conflicts = answers.filter(({ status }) => status === 409);
    expect(accepted.length).toBeGreaterThanOrEqual(1);
    expect(accepted.length + conflicts.length).toBe(20);
    expect(new Set(accepted.map(({ text }) => text)).size).toBe(1);
    expect((await ingest.queued()).tasks).toBe(before + 1);
  });

  it("answers 409 with Retry-After while the first request is under way", async () => {
    const { redis, keys } = ingest.deps;
    const answer = await post("under-way", repositories("under-way"));
    const redisKey = keys.idempotency("key-of-alice", "under-way");
    const { answer: _answer, ...claim } = JSON.parse((await redis.get(redisKey)) ?? "{}");
    await redis.set(redisKey, JSON.stringify({ ...claim, at: Date.now() }), "PX", 60_000);
    const conflict = await post("under-way", repositories("under-way"));
    expect(conflict).toMatchObject({ status: 409, body: { type: "urn:hookline:problem:request_in_progress" } });
    expect(conflict.headers["retry-after"]).toBe("1");
    expect(answer.status).toBe(202);
  });

  it("of a request that was cut off lets the repetition finish it under the same id", async () => {
    const { redis, keys } = ingest.deps;
    const first = await post("cut-off", repositories("cut-off"));
    const redisKey = keys.idempotency("key-of-alice", "cut-off");
    const { answer: _answer, ...claim } = JSON.parse((await redis.get(redisKey)) ?? "{}");
    await redis.set(redisKey, JSON.stringify({ ...claim, at: claim.at - 11_000 }), "PX", 60_000);
    const { tasks } = await ingest.queued();
    const second = await post("cut-off", repositories("cut-off"));
    expect(second.status).toBe(202);
    expect((await ingest.queued()).tasks).toBe(tasks);
    expect(first.body.repository).toBe("cut-off");
  });

  it("is free again after a refusal", async () => {
    expect((await post("refused", { ...BODY, targets: ["team"] })).status).toBe(422);
    expect((await post("refused", { username: "octocat" })).status).toBe(400);
    expect((await post("refused", repositories("refused"))).status).toBe(202);
  });

  it("of one API key means nothing to another", async () => {
    const alice = await post("shared", repositories("of-alice"));
    const bob = await post("shared", repositories("of-bob"), { who: "bob" });
    expect([alice.status, bob.status, bob.body.repository]).toEqual([202, 202, "of-bob"]);
    expect((await post("shared", repositories("of-alice"))).text).toBe(alice.text);
  });

  it("of the same API key is the same, however the header is written", async () => {
    const first = await post("written", repositories("written"));
    const second = await ingest.send("POST", "/tasks", {
      body: repositories("written"),
      headers: { authorization: "bearer   key-of-alice", "idempotency-key": "written" },
    });
    expect([second.status, second.text]).toEqual([202, first.text]);
  });

  it("of a batch tells broken lines apart", async () => {
    const headers = { authorization: "Bearer key-of-alice", "idempotency-key": "lines", "content-type": NDJSON };
    expect((await ingest.send("POST", "/tasks/batch", { raw: "{broken", headers })).status).toBe(202);
    expect((await ingest.send("POST", "/tasks/batch", { raw: "{torn", headers })).status).toBe(422);
  });

  it("has 1 to 255 characters", async () => {
    expect((await post("", repositories("empty-key"))).status).toBe(400);
    expect((await post("k".repeat(256), repositories("long-key"))).status).toBe(400);
    expect((await post("k".repeat(255), repositories("longest-key"))).status).toBe(202);
  });
});
