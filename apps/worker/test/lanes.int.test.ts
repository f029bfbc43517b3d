import type { TargetConfig } from "@hookline/contracts";
import { enableLane, LONGEST_PAUSE_MS, readAttempts, readLane } from "@hookline/queue";
import { type Receiver, startReceiver } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { testDocument } from "./support/documents.ts";
import { inline, startTestWorker, type TestWorker } from "./support/worker.ts";

let receiver: Receiver;
let worker: TestWorker;

beforeEach(async () => {
  receiver = await startReceiver();
  worker = startTestWorker({ webhookUrl: `${receiver.url}/default` });
  worker.work("tasks");
});
afterEach(async () => {
  await worker.stop();
  await receiver.stop();
});

const lane = () => readLane(worker.redis, worker.keys, "default");

describe("a target that says when to come back", () => {
  it("is left alone by all replicas until then, and no attempt is used", async () => {
    worker.work("deliveries", 1);
    receiver.respond((_request, index) => (index === 0 ? { status: 429, headers: { "retry-after": "2" } } : {}));
    const first = await worker.addDigest({}, { attempts: 1 });
    const waiting = await worker.until(first, "delayed");
    const startedAt = receiver.requests[0]?.at ?? 0;
    expect(waiting).toMatchObject({ attemptsMade: 0, wait: { reason: "target_retry_after" } });
    expect(waiting.dueAt).toBeGreaterThanOrEqual(startedAt + 2000);
    expect((await lane()).pausedUntil).toBeGreaterThanOrEqual(startedAt + 2000);

    worker.work("deliveries", 10);
    const others = await Promise.all(Array.from({ length: 5 }, () => worker.addDigest({}, { attempts: 1 })));
    for (const id of others) await worker.until(id, "delayed");
    expect(receiver.received).toBe(1);
    for (const id of [first, ...others]) await worker.until(id, "completed");
    const [, ...later] = receiver.requests;
    expect(later).toHaveLength(6);
    for (const { at } of later) expect(at - startedAt).toBeGreaterThanOrEqual(2000);
  });

  it("does not keep others waiting", async () => {
    worker.work("deliveries");
    receiver.respondOnPath("/busy", { status: 503, headers: { "retry-after": "3600" } });
    const [busy, free] = [inline(`${receiver.url}/busy`), inline(`${receiver.url}/free`)];
    const id = await worker.addDigest({ targets: [busy, free] });
    await worker.until(id, "completed", free);
    await worker.until(id, "delayed", busy);
    const next = await worker.addDigest({ targets: [busy, free] });
    await worker.until(next, "completed", free);
    await worker.until(next, "delayed", busy);
    expect(receiver.requests.filter(({ path }) => path === "/busy")).toHaveLength(1);
  });

  it.each([
    ["a week", "604800"],
    ["a date far away", "Fri, 31 Dec 2999 23:59:59 GMT"],
  ])("in %s is asked again after a day", async (_, retryAfter) => {
    worker.work("deliveries");
    receiver.respond({ status: 429, headers: { "retry-after": retryAfter } });
    const { wait } = await worker.until(await worker.addDigest(), "delayed");
    const dayMs = (wait?.until ?? 0) - Date.now();
    expect(dayMs).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
    expect(dayMs).toBeGreaterThan(LONGEST_PAUSE_MS - 10_000);
  });

  it.each([
    ["discord", { message: "You are being rate limited.", retry_after: 1e308, global: false }],
    ["telegram", { ok: false, error_code: 429, description: "later", parameters: { retry_after: 1e308 } }],
  ] as const)("in 1e308 seconds, as an answer of kind %s says, is asked again after a day", async (kind, body) => {
    const configs: Readonly<Record<typeof kind, TargetConfig>> = {
      discord: { kind: "discord", url: `${receiver.url}/discord` },
      telegram: { kind: "telegram", token: "1:abc", chatId: "-1", apiUrl: receiver.url },
    };
    await worker.stop();
    worker = startTestWorker({ targets: { team: configs[kind] } });
    worker.work("tasks");
    worker.work("deliveries");
    receiver.respond({ status: 429, body: JSON.stringify(body) });
    const { wait } = await worker.until(await worker.addDigest({ targets: ["team"] }), "delayed", "team");
    const dayMs = (wait?.until ?? 0) - Date.now();
    expect(dayMs).toBeLessThanOrEqual(LONGEST_PAUSE_MS);
    expect(dayMs).toBeGreaterThan(LONGEST_PAUSE_MS - 10_000);
  });

  it.each([
    ["of no time", "0"],
    ["that is over", "Wed, 21 Oct 2015 07:28:00 GMT"],
  ])("with a wait %s is not asked again without end in the same second", async (_, retryAfter) => {
    worker.work("deliveries");
    receiver.respond((_request, index) => (index < 2 ? { status: 429, headers: { "retry-after": retryAfter } } : {}));
    await worker.until(await worker.addDigest({}, { attempts: 1 }), "completed");
    const times = receiver.requests.map(({ at }) => at);
    expect(times).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1000);
  });
});

describe("a target that is gone", () => {
  it("is disabled, later deliveries are parked, and enabling releases all of them in order", async () => {
    worker.work("deliveries", 1);
    receiver.respond({ status: 410 });
    const first = await worker.addDigest({}, { attempts: 1 });
    await expect(worker.until(first, "delayed")).resolves.toMatchObject({
      attemptsMade: 0,
      wait: { reason: "target_disabled" },
    });
    expect(await lane()).toMatchObject({ disabled: { reason: "the target answered 410" } });

    const ids = [first];
    for (let count = 0; count < 5; count += 1) {
      const id = await worker.addDigest({}, { attempts: 1 });
      await worker.until(id, "delayed");
      ids.push(id);
    }
    expect(receiver.received).toBe(1);
    await expect(readAttempts(worker.redis, worker.keys, worker.deliveryId(ids[1] ?? ""))).resolves.toEqual([]);
    expect(await worker.redis.pttl(worker.keys.lane("default"))).toBe(-1);

    receiver.reset();
    const { parked } = await enableLane(worker.redis, worker.keys, "default");
    expect(parked).toEqual(ids.map((id) => worker.deliveryId(id)));
    await Promise.all(parked.map(worker.runDelivery));
    for (const id of ids) await worker.until(id, "completed");
    expect([...receiver.byWebhookId().keys()]).toEqual(parked);
    expect(await lane()).toMatchObject({ disabled: undefined, pausedUntil: undefined, waiting: 0, inFlight: 0 });
    expect(await worker.redis.exists(worker.keys.parked("default"))).toBe(0);
  });
});

describe("a target that is sent much at once", () => {
  it("is not left idle while deliveries wait", async () => {
    worker.work("deliveries", 200);
    const startedAt = Date.now();
    for (let index = 0; index < 300; index += 1) await worker.addDocument(testDocument(), ["default"]);
    await receiver.waitFor(300, 20_000);
    // A wake-up that is lost is felt: whoever waits sleeps up to a minute.
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  it("does not keep others waiting when it is slow", async () => {
    worker.work("deliveries", 100);
    receiver.respondOnPath("/default", { delayMs: 1500 });
    for (let index = 0; index < 200; index += 1) await worker.addDocument(testDocument(), ["default"]);
    await receiver.waitFor(40, 20_000);
    const free = inline(`${receiver.url}/free`);
    const id = await worker.addDigest({ targets: [free] });
    const askedAt = Date.now();
    await worker.until(id, "completed", free);
    expect(Date.now() - askedAt).toBeLessThan(3000);
  });
});

describe("a target that is enabled while its last answer is being noted", () => {
  it("loses no delivery: the one that it refused is sent again", async () => {
    const target = await worker.targets.find("default");
    await worker.lanes.enter(target, "d1", new AbortController().signal);
    const left = worker.lanes.leave(target, "d1", { kind: "gone", reason: "it answered 410" });
    await enableLane(worker.redis, worker.keys, "default");
    await expect(left).rejects.toMatchObject({ name: "RetryAfterError" });
    expect((await lane()).inFlight).toBe(0);
  });
});
