import type { Digest } from "@hookline/contracts";
import { addCapture, type JobContext, toBackoffOptions } from "@hookline/queue";
import { TemporaryError } from "@hookline/runtime";
import { type Received, type Receiver, startReceiver } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { snapshot } from "./support/snapshots.ts";
import { inline, startTestWorker, type TestWorker } from "./support/worker.ts";

let receiver: Receiver;
let worker: TestWorker;

beforeEach(async () => {
  receiver = await startReceiver();
  worker = startTestWorker({ webhookUrl: `${receiver.url}/default` });
});
afterEach(async () => {
  await worker.stop();
  await receiver.stop();
});

const target = (name: string) => inline(`${receiver.url}/${name}`);
const digests = (path: string) =>
  receiver.requests.filter((request: Received) => request.path === path).map(({ json }) => json as Digest);
const countBodies = async () => (await worker.allKeys()).filter((key) => key.startsWith("body:")).length;

function workAll(): void {
  worker.work("tasks");
  worker.work("deliveries");
}

/** The digest's processor is run by hand, as a worker would that dies before its job is completed. */
function runByHand(id: string, payload: { onlyIfChanged?: boolean } = {}) {
  const context: JobContext = {
    id,
    attempt: 1,
    attemptsMax: 3,
    backoff: toBackoffOptions("fixed", 100),
    createdAt: Date.now(),
    wasTakenOver: false,
    signal: new AbortController().signal,
  };
  const targets = ["default"];
  return worker.processors["github.digest"](
    { username: "octocat", repository: "hello-world", targets, ...payload },
    context,
  );
}

describe("a task", () => {
  it("is one delivery per target, one collection and one body for all who have heard the same", async () => {
    workAll();
    const id = await worker.addDigest({ targets: [target("a"), target("b"), "default"] });
    await receiver.waitFor(3);
    expect(receiver.byWebhookId().size).toBe(3);
    expect(new Set(receiver.requests.map(({ rawBody }) => rawBody.toString())).size).toBe(1);
    expect(worker.state.collections).toBe(1);
    expect(await countBodies()).toBe(1);
    const job = await worker.untilTask(id, "completed");
    expect(job.result).toMatchObject({ outcome: "deliveries_queued", githubRequests: 5, isStale: false });
    expect((job.result as { deliveries: unknown[] }).deliveries).toEqual([
      { id: worker.deliveryId(id, target("a")), target: expect.stringMatching(/^webhook~127\.0\.0\.1_\d+~/) },
      { id: worker.deliveryId(id, target("b")), target: expect.any(String) },
      { id: worker.deliveryId(id), target: "default" },
    ]);
  });

  it("tells each target what changed since it last heard", async () => {
    workAll();
    worker.state.collect = async () => snapshot({ issues: [1], collectedAt: "2026-01-01T00:00:00.000Z" });
    await worker.until(await worker.addDigest({ targets: [target("a")] }), "completed", target("a"));
    worker.state.collect = async () => snapshot({ issues: [1, 2], collectedAt: "2026-01-02T00:00:00.000Z" });
    const second = await worker.addDigest({ targets: [target("a"), target("b")] });
    await worker.until(second, "completed", target("a"));
    await worker.until(second, "completed", target("b"));
    expect(digests("/b")[0]?.changes).toBeNull();
    expect(digests("/a")[1]?.changes).toMatchObject({
      since: "2026-01-01T00:00:00.000Z",
      issues: { opened: [{ number: 2 }], closed: [] },
    });
    expect(await countBodies()).toBe(3);
  });

  it("that only wants changes is delivered to those for whom there are some", async () => {
    workAll();
    await worker.until(await worker.addDigest({ targets: [target("a")] }), "completed", target("a"));
    const wish = { onlyIfChanged: true, targets: [target("a"), target("b")] };
    const second = await worker.untilTask(await worker.addDigest(wish), "completed");
    expect(second.result).toMatchObject({ outcome: "deliveries_queued", deliveries: [expect.anything()] });
    await worker.until(second.id, "completed", target("b"));
    const third = await worker.untilTask(await worker.addDigest(wish), "completed");
    expect(third.result).toMatchObject({ outcome: "unchanged", deliveries: [] });
    expect(receiver.requests.map(({ path }) => path)).toEqual(["/a", "/b"]);
  });
});

describe("a task that runs again after its worker died", () => {
  it("neither sends twice nor changes the body, whatever GitHub says meanwhile", async () => {
    worker.state.collect = async () => snapshot({ stats: { stars: 1 } });
    const id = await worker.addDigest();
    await runByHand(id);
    const before = await worker.delivery(id);
    worker.state.collect = async () => snapshot({ stats: { stars: 2 }, collectedAt: "2026-01-09T00:00:00.000Z" });
    workAll();
    await worker.untilTask(id, "completed");
    const after = await worker.until(id, "completed");
    expect(after.payload).toEqual(before?.payload);
    expect(digests("/default").map(({ stats }) => stats.stars)).toEqual([1]);
  });

  it("does not say unchanged when its own delivery has arrived already", async () => {
    const id = await worker.addDigest({ onlyIfChanged: true });
    await runByHand(id, { onlyIfChanged: true });
    worker.work("deliveries");
    await worker.until(id, "completed");
    worker.work("tasks");
    const { result } = await worker.untilTask(id, "completed");
    expect(result).toMatchObject({ outcome: "deliveries_queued", deliveries: [{ target: "default" }] });
    expect(receiver.received).toBe(1);
  });

  it("before it could queue its deliveries sends the body that its baseline belongs to", async () => {
    const { addBulk } = worker.queues.deliveries.queue;
    worker.queues.deliveries.queue.addBulk = () => Promise.reject(new Error("Connection is closed."));
    const id = await worker.addDigest();
    await expect(runByHand(id)).rejects.toThrow("Connection is closed.");
    worker.queues.deliveries.queue.addBulk = addBulk;
    worker.state.collect = async () => snapshot({ issues: [1], collectedAt: "2026-01-09T00:00:00.000Z" });
    workAll();
    await worker.until(id, "completed");
    expect(digests("/default")[0]?.issues).toHaveLength(1);
    worker.state.collect = async () => snapshot({ issues: [1, 2], collectedAt: "2026-01-10T00:00:00.000Z" });
    await worker.until(await worker.addDigest(), "completed");
    expect(digests("/default")[1]?.changes?.issues.opened).toEqual([expect.objectContaining({ number: 2 })]);
  });
});

describe("the repository as it was when asked for", () => {
  const capture = (id: string) =>
    addCapture(worker.queues, {
      id,
      payload: { username: "octocat", repository: "hello-world", targets: ["default"] },
      attempts: 1,
      backoff: toBackoffOptions("fixed", 100),
    });

  it("is delivered, and not kept afterwards", async () => {
    worker.work("tasks");
    const id = await worker.addDigest({ snapshotAt: "request" }, { delayMs: 60_000 });
    await capture(id);
    await worker.waitFor(async () => (await worker.captures.find(id)) !== undefined);
    worker.state.collect = async () => snapshot({ stats: { stars: 99 } });
    worker.work("deliveries");
    await worker.runNow(id);
    await worker.until(id, "completed");
    expect(digests("/default")[0]?.stats.stars).toBe(1);
    expect(worker.state.collections).toBe(1);
    await expect(worker.captures.find(id)).resolves.toBeUndefined();
  });

  it("is collected when the task runs, if it could not be collected before", async () => {
    worker.state.collect = () => Promise.reject(new TemporaryError("github_unavailable", "502"));
    worker.work("tasks");
    const id = await worker.addDigest({ snapshotAt: "request" }, { delayMs: 60_000 });
    await capture(id);
    await worker.waitFor(() => worker.outcomes.includes("github.capture failed"));
    worker.state.collect = async () => snapshot();
    worker.work("deliveries");
    await worker.runNow(id);
    await worker.until(id, "completed");
  });
});
