import { AttemptSchema } from "@hookline/contracts";
import { type JobContext, readAttempts, runTogether, toBackoffOptions } from "@hookline/queue";
import { createValidator, silentLogger } from "@hookline/runtime";
import { type Receiver, startReceiver } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createAttemptRecorder } from "../src/deliveries/attempt-recorder.ts";
import type { SendOutcome } from "../src/targets/send.ts";
import { toRequest, webhook } from "./support/targets.ts";
import { inline, startTestWorker, type TestWorker } from "./support/worker.ts";

const KEPT_MS = 7_200_000;
let receiver: Receiver;
let worker: TestWorker;

beforeEach(async () => {
  receiver = await startReceiver();
  worker = startTestWorker({ webhookUrl: `${receiver.url}/secret-path?token=secret-query`, keptMs: KEPT_MS });
});
afterEach(async () => {
  await worker.stop();
  await receiver.stop();
});

const attemptsOf = (id: string) => readAttempts(worker.redis, worker.keys, worker.deliveryId(id));
const workAll = () => (["tasks", "deliveries"] as const).forEach((name) => void worker.work(name));

/** Records one attempt of delivery d1, as the delivery's processor does. */
async function record(outcome: SendOutcome, headers: Record<string, string> = {}): Promise<void> {
  const target = webhook("https://user.example:8443/secret");
  const context: JobContext = {
    id: "d1",
    attempt: 1,
    attemptsMax: 1,
    backoff: toBackoffOptions("fixed", 1),
    createdAt: 0,
    wasTakenOver: false,
    signal: new AbortController().signal,
  };
  const request = toRequest(target);
  const made = { context, target, outcome, startedAt: new Date() };
  const recorder = createAttemptRecorder({
    keys: worker.keys,
    log: silentLogger,
    keptMs: KEPT_MS,
    redact: (text) => text.replaceAll("echoed-secret", "***"),
    onAttempt: () => undefined,
  });
  const note = recorder.record({ ...made, request: { ...request, headers: { ...request.headers, ...headers } } });
  await runTogether(worker.redis, [note]);
}

const delivered = (body: string): SendOutcome => ({
  kind: "delivered",
  answer: { status: 200, headers: {}, body, isTruncated: false },
});

describe("the log of a delivery's attempts", () => {
  it("tells each one: when, how it ended, what was asked and what was answered", async () => {
    receiver.respond((_request, index) =>
      index === 0 ? { reset: true } : { status: index === 1 ? 500 : 202, headers: { "x-trace": "7" }, body: "é" },
    );
    const startedAt = Date.now();
    workAll();
    const id = await worker.addDigest();
    await worker.until(id, "completed");
    const attempts = await attemptsOf(id);
    expect(attempts).toMatchObject([
      { number: 1, outcome: "failed", status: null, error: expect.stringContaining("could not be reached") },
      { number: 2, outcome: "failed", status: 500, error: "the target answered 500", response: { body: "é" } },
      { number: 3, outcome: "delivered", status: 202, error: null, response: { headers: { "x-trace": "7" } } },
    ]);
    for (const attempt of attempts) {
      expect(createValidator(AttemptSchema)(attempt)).toMatchObject({ isValid: true });
      expect(Date.parse(attempt.at)).toBeGreaterThanOrEqual(startedAt);
      expect(attempt.durationMs).toBeGreaterThanOrEqual(0);
      expect(attempt.request.headers["webhook-id"]).toBe(worker.deliveryId(id));
    }
  });

  it("counts attempts that used none up", async () => {
    receiver.respond((_request, index) => (index === 0 ? { status: 429, headers: { "retry-after": "1" } } : {}));
    workAll();
    const id = await worker.addDigest({}, { attempts: 1 });
    await worker.until(id, "completed");
    await expect(attemptsOf(id)).resolves.toMatchObject([
      { number: 1, outcome: "retry_later", status: 429 },
      { number: 2, outcome: "delivered" },
    ]);
  });

  it("shows of a URL only the host, and no key, token or cookie", async () => {
    workAll();
    const id = await worker.addDigest();
    await worker.until(id, "completed");
    const [attempt] = await attemptsOf(id);
    expect(attempt?.request.url).toBe(`${receiver.url}/***`);
    await record(delivered("ok"), {
      authorization: "Bearer hidden",
      "x-api-key": "hidden",
      "x-auth-token": "hidden",
      cookie: "hidden",
      "Proxy-Authorization": "hidden",
    });
    const text = JSON.stringify(await readAttempts(worker.redis, worker.keys, "d1"));
    expect(text).not.toContain("hidden");
    expect(text).not.toContain("secret");
    expect(text).toContain("https://user.example:8443/***");
  });

  it("shows nothing of a URL's path or query, or of headers, that a target answers with", async () => {
    receiver.respond(({ path, headers }) => ({ body: `no route ${path}; you sent ${JSON.stringify(headers)}` }));
    workAll();
    const id = await worker.addDigest();
    await worker.until(id, "completed");
    const [attempt] = await attemptsOf(id);
    expect(attempt?.response?.body).toContain("no route");
    expect(JSON.stringify(attempt)).not.toMatch(/secret-query/);
    const echo = "Bearer abcdef, echoed-secret";
    await record(delivered(echo), { authorization: "Bearer abcdef" });
    const [recorded] = await readAttempts(worker.redis, worker.keys, "d1");
    expect(recorded?.response?.body).toBe("***, ***");
  });

  it("keeps 16 KiB of an answer and says that there was more", async () => {
    receiver.respond({ body: "a".repeat(40_000) });
    workAll();
    const id = await worker.addDigest();
    await worker.until(id, "completed");
    const [attempt] = await attemptsOf(id);
    expect(attempt?.response).toMatchObject({ body: "a".repeat(16_384), truncated: true });
  });

  it("holds the newest hundred, and is kept for a while after the last", async () => {
    for (let count = 1; count <= 103; count += 1) await record(delivered(String(count)));
    const attempts = await readAttempts(worker.redis, worker.keys, "d1");
    expect(attempts).toHaveLength(100);
    expect([attempts[0]?.response?.body, attempts[99]?.response?.body]).toEqual(["4", "103"]);
    const ttl = await worker.redis.pttl(worker.keys.attempts("d1"));
    expect(ttl).toBeGreaterThan(KEPT_MS - 60_000);
    expect(ttl).toBeLessThanOrEqual(KEPT_MS);
  });
});

it("every key that a run leaves has a TTL, but BullMQ's, the indexes and what is disabled", async () => {
  receiver.respondOnPath("/gone", { status: 410 });
  receiver.respondOnPath("/busy", { status: 429, headers: { "retry-after": "60" } });
  receiver.respondOnPath("/bad", { status: 500 });
  workAll();
  const targets = ["good", "gone", "busy", "bad"].map((name) => inline(`${receiver.url}/${name}`));
  const [good, gone, busy, bad] = targets as [(typeof targets)[0], ...typeof targets];
  receiver.respondOnPath("/secret-path", { status: 410 });
  const id = await worker.addDigest({ targets: [...targets, "default"], snapshotAt: "request" });
  await worker.until(id, "delayed", "default");
  await worker.until(id, "completed", good);
  await worker.until(id, "delayed", gone);
  await worker.until(id, "delayed", busy);
  await worker.until(id, "failed", bad);
  await worker.untilTask(id, "completed");
  const keys = await worker.allKeys();
  const kinds = new Set(keys.map((key) => key.split(":")[0]));
  for (const kind of ["snapshot", "body", "body-users", "baseline", "delivered", "attempts", "lane", "parked"]) {
    expect(kinds).toContain(kind);
  }
  const ours = keys.filter((key) => !/^(tasks|deliveries|task-index|delivery-index|parked)(:|$)/.test(key));
  const ttls = await Promise.all(ours.map((key) => worker.redis.pttl(`${worker.prefix}:${key}`)));
  const lasting = ours.filter((_, index) => (ttls[index] ?? 0) < 0);
  expect(lasting).toEqual(["lane:default"]);
  expect(await worker.redis.hexists(worker.keys.lane("default"), "disabledAt")).toBe(1);
});
