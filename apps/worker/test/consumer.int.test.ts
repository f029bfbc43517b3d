import type { JobContext } from "@hookline/queue";
import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Worker } from "bullmq";
import { type ConsumerFixture, openConsumerFixture, untilInterrupted } from "./support/consumer.ts";

let test: ConsumerFixture;
beforeEach(() => {
  test = openConsumerFixture();
});
afterEach(() => test.stop());

describe("a processor", () => {
  it("is told its payload and which attempt it is, and its result is kept", async () => {
    const seen: JobContext[] = [];
    test.consume(async (payload, context) => {
      seen.push(context);
      if (context.attempt === 1) throw new Error("once");
      return { told: payload.repository };
    });
    const id = await test.add();
    await expect(test.until(id, "completed")).resolves.toMatchObject({ result: { told: "hello-world" } });
    expect(seen).toMatchObject([
      { id, attempt: 1, attemptsMax: 3, backoff: { type: "fixed", delay: 100 } },
      { id, attempt: 2, attemptsMax: 3 },
    ]);
    expect(test.outcomes).toEqual(["retried", "completed"]);
  });

  it("that throws a PermanentError is never tried again", async () => {
    test.consume(() => Promise.reject(new PermanentError("repository_not_found", "no such repository")));
    const job = await test.until(await test.add(), "failed");
    expect(job).toMatchObject({ attemptsMade: 1, failedReason: "repository_not_found: no such repository" });
    expect(test.outcomes).toEqual(["failed"]);
  });

  it.each([
    ["with a code", new TemporaryError("github_unavailable", "502"), "github_unavailable: 502"],
    ["without one", new Error("boom"), "boom"],
    ["that is none", "text", "text"],
  ])("that throws an error %s is tried until its attempts are used up", async (_, error, failedReason) => {
    const times: number[] = [];
    test.consume(() => {
      times.push(Date.now());
      return Promise.reject(error);
    });
    await expect(test.until(await test.add(), "failed")).resolves.toMatchObject({ attemptsMade: 3, failedReason });
    expect(times).toHaveLength(3);
    for (const [index, time] of times.slice(1).entries())
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(100);
    expect(test.outcomes).toEqual(["retried", "retried", "failed"]);
  });

  it("that is told to come back later uses no attempt, however often", async () => {
    let runs = 0;
    test.consume(async (_payload, { attempt }) => {
      runs += 1;
      expect(attempt).toBe(1);
      if (runs <= 4) throw new RetryAfterError(60, "github_rate_limit");
    });
    const id = await test.add({ attempts: 1 });
    await expect(test.until(id, "completed")).resolves.toMatchObject({ attemptsMade: 1 });
    expect(test.outcomes).toEqual(["waited", "waited", "waited", "waited", "completed"]);
  });

  it("says why and until when it waits", async () => {
    test.consume(() => Promise.reject(new RetryAfterError(60_000, "github_rate_limit")));
    const startedAt = Date.now();
    const job = await test.until(await test.add(), "delayed");
    expect(job).toMatchObject({ attemptsMade: 0, wait: { reason: "github_rate_limit" }, failedReason: undefined });
    expect(job.dueAt - startedAt).toBeGreaterThanOrEqual(60_000);
    expect(Math.abs(job.dueAt - (job.wait?.until ?? 0))).toBeLessThan(50);
  });

  it.each(["exponential", "standard"] as const)("waits by the %s policy", async (policy) => {
    test.consume(() => Promise.reject(new Error("boom")));
    const startedAt = Date.now();
    const { dueAt, wait } = await test.until(await test.add({ policy, attempts: 2 }), "delayed");
    const [least, most] = policy === "standard" ? [5000, 6000] : [80, 1000];
    expect(dueAt - startedAt).toBeGreaterThanOrEqual(least);
    expect(dueAt - startedAt).toBeLessThanOrEqual(most);
    expect(wait).toBeUndefined();
  });
});

describe("a job that this version does not understand", () => {
  it("fails for good when its payload has another shape, and says where", async () => {
    test.consume(async () => undefined);
    const job = await test.until(await test.add({ payload: { username: "octocat", targets: [] } }), "failed");
    expect(job.attemptsMade).toBe(1);
    expect(job.failedReason).toMatch(/^invalid_payload: .*\/repository.*\/targets/);
  });

  it("fails for good when its kind is unknown", async () => {
    test.consume(async () => undefined);
    await expect(test.until(await test.add({ name: "github.poem" }), "failed")).resolves.toMatchObject({
      attemptsMade: 1,
      failedReason: "unknown_kind: no processor for tasks of kind github.poem",
    });
  });
});

describe("a consumer that is drained", () => {
  it("puts an interrupted job back for another replica, without using an attempt", async () => {
    const first = test.consume((_payload, context) => untilInterrupted(context));
    const id = await test.add({ attempts: 1 });
    await test.until(id, "active");
    expect(first.activity().active).toBe(1);
    await first.drain(0);
    await expect(test.task(id)).resolves.toMatchObject({ state: "waiting", attemptsMade: 0 });
    expect(test.outcomes).toEqual(["interrupted"]);
    const attempts: number[] = [];
    test.consume(async (_payload, { attempt }) => void attempts.push(attempt));
    await expect(test.until(id, "completed")).resolves.toMatchObject({ attemptsMade: 1 });
    expect(attempts).toEqual([1]);
  });

  it("lets a job end that ends in time, and takes no more", async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const consumer = test.consume(() => finished);
    const [running, waiting] = [await test.add(), await test.add()];
    await test.until(running, "active");
    const drained = consumer.drain(10_000);
    finish();
    await drained;
    await expect(test.task(running)).resolves.toMatchObject({ state: "completed" });
    await expect(test.task(waiting)).resolves.toMatchObject({ state: "waiting" });
  });

  it("interrupts a job too that it was just fetching", async () => {
    for (let round = 0; round < 15; round += 1) {
      const consumer = test.consume((_payload, context) => untilInterrupted(context), 3);
      const adding = Promise.all([test.add(), test.add(), test.add()]);
      if (round % 3 === 0) await adding;
      if (round % 3 === 1) await waitUntil(() => consumer.activity().active > 0, { what: "a job", intervalMs: 1 });
      const drained = consumer.drain(0).then(() => "drained");
      await adding;
      expect(await drained).toBe("drained");
      expect(consumer.activity().active).toBe(0);
      await test.queues.tasks.queue.drain();
    }
  });
});

it("takes over the job of a worker that died", async () => {
  const dead = new Worker("tasks", null, { connection: test.connect(), prefix: test.prefix, autorun: false });
  dead.on("error", () => undefined);
  const id = await test.add({ attempts: 1 });
  await expect(dead.getNextJob("dead")).resolves.toMatchObject({ id });
  await dead.close(true);
  // What time does to the lock of a process that no longer renews it.
  await test.redis.del(`${test.prefix}:tasks:${id}:lock`);
  test.consume(async () => "taken over");
  await expect(test.until(id, "completed", 15_000)).resolves.toMatchObject({ result: "taken over", attemptsMade: 1 });
});
