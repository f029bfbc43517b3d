import type { Task } from "@hookline/contracts";
import type { Processors } from "@hookline/queue";
import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { createGate, startTestWorker, type TestWorker, toResult } from "./support/worker.ts";

describe("a task as GET tells it", () => {
  let ingest: TestIngest;
  let worker: TestWorker | undefined;
  beforeEach(async () => {
    ingest = await startTestIngest();
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await ingest.stop();
  });

  /** Runs a task with made-up processors until it is as expected. */
  const run = async (processors: Partial<Processors>, isThere: (task: Task) => boolean, more = {}) => {
    worker = await startTestWorker(ingest, processors);
    const { id } = await ingest.post("hello-world", { scheduleInterval: 0, rescheduleInterval: 600_000, ...more });
    let task: Task | undefined;
    const look = async () => {
      task = await ingest.task(id);
      return isThere(task) ? task : undefined;
    };
    const found = await waitUntil(look, { what: "the task is as expected" }).catch((error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(task)}`);
    });
    if (found === undefined) throw new Error("no task");
    return found;
  };

  it("is running while its job is, with no next attempt", async () => {
    const gate = createGate();
    const waitAtGate = async () => {
      await gate.opened;
      return toResult({ outcome: "unchanged" });
    };
    const task = await run({ "github.digest": waitAtGate }, ({ status }) => status === "running");
    expect(task).toMatchObject({ nextAttempt: null, error: null, result: null, deliveries: [] });
    expect(task.links).toEqual({ self: `/tasks/${task.id}` });
    gate.open();
  });

  it("is failed at once when repeating cannot help, with code and message", async () => {
    const fail = async () => Promise.reject(new PermanentError("repository_not_found", "octocat/hello-world: none"));
    const task = await run({ "github.digest": fail }, ({ status }) => status === "failed");
    expect(task).toMatchObject({
      attempts: { made: 1, max: 4 },
      nextAttempt: null,
      error: { code: "repository_not_found", message: "octocat/hello-world: none" },
      result: null,
    });
  });

  it("is failed when its attempts are used up", async () => {
    const fail = async () => Promise.reject(new TemporaryError("github_unreachable", "connect ECONNREFUSED"));
    const more = { rescheduleInterval: 1, retryMaxAttempts: 2 };
    const task = await run({ "github.digest": fail }, ({ status }) => status === "failed", more);
    expect(task).toMatchObject({ attempts: { made: 3, max: 3 }, error: { code: "github_unreachable" } });
  });

  it("is scheduled between attempts, for a retry, and tells what went wrong", async () => {
    const before = Date.now();
    const fail = async () => Promise.reject(new Error("socket hang up"));
    const task = await run({ "github.digest": fail }, ({ attempts }) => attempts.made === 1);
    expect(task).toMatchObject({
      status: "scheduled",
      nextAttempt: { reason: "retry" },
      error: { code: "internal_error", message: "socket hang up" },
    });
    expect(Date.parse(task.nextAttempt?.at ?? "") - before).toBeGreaterThanOrEqual(600_000);
  });

  it.each(["github_rate_limit", "collecting"])("waits for %s without using an attempt", async (reason) => {
    const before = Date.now();
    const wait = async () => Promise.reject(new RetryAfterError(120_000, reason));
    const task = await run({ "github.digest": wait }, ({ nextAttempt }) => nextAttempt?.reason === reason);
    expect(task).toMatchObject({ status: "scheduled", attempts: { made: 0 }, error: null });
    const wanted = Date.parse(task.nextAttempt?.at ?? "") - before;
    expect(wanted).toBeGreaterThanOrEqual(120_000);
    expect(wanted).toBeLessThan(130_000);
  });

  it("is delivered when every delivery is, under the repository's present name", async () => {
    const task = await run({}, ({ status }) => status === "delivered");
    expect(task).toMatchObject({
      nextAttempt: null,
      error: null,
      attempts: { made: 1 },
      result: { collectedAt: "2026-01-01T00:00:00.000Z", githubRequests: 3, stale: false, partial: false },
    });
    const id = expect.stringMatching(new RegExp(`^d${task.id.slice(1)}-[0-9a-f]{8}$`));
    expect(task.deliveries).toEqual([{ id, target: "default", status: "delivered", attempts: 1 }]);
  });

  it("is unchanged when there was nothing to tell", async () => {
    const unchanged = async () => toResult({ outcome: "unchanged", username: "octo-org", repository: "renamed" });
    const task = await run({ "github.digest": unchanged }, ({ status }) => status === "unchanged");
    expect(task).toMatchObject({ username: "octo-org", repository: "renamed", deliveries: [], nextAttempt: null });
  });

  it("is delivering while a delivery waits for its next attempt", async () => {
    const fail = async () => Promise.reject(new TemporaryError("target_answered_500", "the target answered 500"));
    const task = await run({ "message.deliver": fail }, ({ deliveries }) => deliveries[0]?.attempts === 1);
    expect(task).toMatchObject({
      status: "delivering",
      nextAttempt: { reason: "retry" },
      error: { code: "target_answered_500", message: "the target answered 500" },
      deliveries: [{ status: "scheduled" }],
    });
  });

  it.each([
    ["target_retry_after", "scheduled"],
    ["target_disabled", "parked"],
  ])("is delivering while its target makes it wait: %s", async (reason, status) => {
    const wait = async () => Promise.reject(new RetryAfterError(60_000, reason));
    const isThere = ({ deliveries }: Task) => deliveries[0]?.status === status;
    const task = await run({ "message.deliver": wait }, isThere);
    expect(task).toMatchObject({ status: "delivering", error: null, deliveries: [{ attempts: 0 }] });
    expect(task.nextAttempt?.reason).toBe(reason);
  });

  it("is failed when one delivery is exhausted, though others arrived", async () => {
    const fail = async () => Promise.reject(new TemporaryError("target_timeout", "no answer in 15 s"));
    const more = { rescheduleInterval: 1, retryMaxAttempts: 1 };
    const task = await run({ "message.deliver": fail }, ({ status }) => status === "failed", more);
    expect(task).toMatchObject({
      attempts: { made: 2, max: 2 },
      error: { code: "target_timeout" },
      deliveries: [{ status: "failed", attempts: 2 }],
      links: { retry: `/tasks/${task.id}/retry` },
    });
  });

  it("never answers 500 while tasks run through under many readers", async () => {
    worker = await startTestWorker(ingest);
    const ids = await Promise.all(
      Array.from({ length: 150 }, async (_, n) => (await ingest.post(`busy${n}`, { scheduleInterval: 0 })).id),
    );
    const statuses = new Set<number>();
    const isDone = async (id: string) => {
      const { status, body } = await ingest.send("GET", `/tasks/${id}`);
      statuses.add(status);
      return body.status === "delivered";
    };
    await Promise.all(ids.map((id) => waitUntil(() => isDone(id), { what: id, intervalMs: 0, timeoutMs: 20_000 })));
    expect([...statuses]).toEqual([200]);
  });
});
