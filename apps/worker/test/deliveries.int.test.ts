import { enableLane, readAttempts, toTargetName } from "@hookline/queue";
import { type Receiver, startReceiver } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { inline, startTestWorker, type TestWorker } from "./support/worker.ts";

let receiver: Receiver;
let worker: TestWorker;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await worker.stop();
  await receiver.stop();
});

function start(options: Parameters<typeof startTestWorker>[0] = {}): void {
  worker = startTestWorker({ webhookUrl: `${receiver.url}/default`, ...options });
  worker.work("tasks");
  worker.work("deliveries");
}

const target = (name: string) => inline(`${receiver.url}/${name}`);
const countOn = (path: string) => receiver.requests.filter((request) => request.path === path).length;

describe("a delivery", () => {
  it("that fails is tried again alone: the other target hears once", async () => {
    start();
    receiver.respondOnPath("/bad", { status: 500 });
    const id = await worker.addDigest({ targets: [target("bad"), target("good")] });
    const failed = await worker.until(id, "failed", target("bad"));
    await worker.until(id, "completed", target("good"));
    expect(failed).toMatchObject({ attemptsMade: 3, failedReason: "target_refused: the target answered 500" });
    expect([countOn("/bad"), countOn("/good")]).toEqual([3, 1]);
    expect(worker.state.collections).toBe(1);
    expect(worker.outcomes.filter((outcome) => outcome === "message.deliver retried")).toHaveLength(2);
  });

  it("sends the same bytes on every attempt, under the same id, at times of their own", async () => {
    start();
    receiver.respond((_request, index) => ({ status: index < 2 ? 503 : 200 }));
    const id = await worker.addDigest();
    await worker.until(id, "completed");
    expect(new Set(receiver.requests.map(({ rawBody }) => rawBody.toString())).size).toBe(1);
    expect([...receiver.byWebhookId().keys()]).toEqual([worker.deliveryId(id)]);
  });

  it("of a message that has expired fails at once", async () => {
    start({ keptMs: 60_000 });
    receiver.respond({ status: 500 });
    const id = await worker.addDigest({}, { attempts: 50 });
    await receiver.waitFor(1);
    const keys = (await worker.allKeys()).filter((key) => key.startsWith("body:"));
    await worker.redis.del(keys.map((key) => `${worker.prefix}:${key}`));
    await expect(worker.until(id, "failed")).resolves.toMatchObject({
      failedReason: "message_lost: the message has expired",
    });
  });

  it("to a target that is not configured here fails at once", async () => {
    start();
    const id = await worker.addDigest({ targets: ["team"] });
    await expect(worker.until(id, "failed", "team")).resolves.toMatchObject({
      failedReason: "unknown_target: no target named team is known here",
      attemptsMade: 1,
    });
    expect(receiver.received).toBe(0);
  });

  it("to a refused address fails at once, and nothing is sent", async () => {
    start({ allowed: "" });
    const id = await worker.addDigest({ targets: [target("hook")] });
    const job = await worker.until(id, "failed", target("hook"));
    expect(job).toMatchObject({ failedReason: expect.stringMatching(/^target_forbidden: /), attemptsMade: 1 });
    await expect(readAttempts(worker.redis, worker.keys, job.id)).resolves.toMatchObject([
      { number: 1, outcome: "forbidden", status: null, response: null },
    ]);
    expect(receiver.received).toBe(0);
  });

  it("that hangs is ended by its time-out and uses an attempt", async () => {
    start({ timeoutMs: 150 });
    receiver.respond((_request, index) => (index === 0 ? { hang: true } : {}));
    const id = await worker.addDigest();
    await expect(worker.until(id, "completed")).resolves.toMatchObject({ attemptsMade: 2 });
  });
});

describe("a body that several targets share", () => {
  it("is kept until the last of them has received it, and then as long as it is shown", async () => {
    start({ keptMs: 60_000 });
    receiver.respondOnPath("/gone", { status: 410 });
    const id = await worker.addDigest({ targets: [target("gone"), target("good")] });
    await worker.until(id, "completed", target("good"));
    const gone = await worker.until(id, "delayed", target("gone"));
    const bodyKey = worker.keys.messageBody((gone.payload as { bodyId: string }).bodyId);
    expect(await worker.redis.pttl(bodyKey)).toBeGreaterThan(86_400_000);

    receiver.reset();
    const { parked } = await enableLane(worker.redis, worker.keys, toTargetName(target("gone")));
    expect(parked).toEqual([gone.id]);
    await worker.runDelivery(gone.id);
    await worker.until(id, "completed", target("gone"));
    expect(await worker.redis.pttl(bodyKey)).toBeLessThanOrEqual(60_000);
    expect(await worker.redis.pttl(bodyKey)).toBeGreaterThan(0);
  });
});
