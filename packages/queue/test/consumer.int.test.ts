import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type JobContext,
  type JobOutcome,
  type JobState,
  oldestWaitingSeconds,
  readJob,
  toBackoffOptions,
} from "../src/index.ts";
import { type Bench, openBench, PAYLOAD, untilAborted } from "./support/bench.ts";

describe("a consumer", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  const read = async (id: string) => {
    const job = await readJob(bench.queues.tasks, id);
    if (job === undefined) throw new Error(`there is no job ${id}`);
    return job;
  };
  const until = async (id: string, state: JobState) => {
    const look = async () => {
      const job = await read(id);
      if (job.state !== state) throw new Error(`it is ${job.state}`);
      return job;
    };
    return waitUntil(look, { what: `${id} is ${state}` });
  };

  it("gives the processor its payload and what it needs to know of the job", async () => {
    let seen: { payload: unknown; context: JobContext } | undefined;
    bench.work(async (payload, context) => {
      seen = { payload, context };
      return "the result";
    });
    const { id } = await bench.add({ attempts: 7, createdAt: 1_700_000_000_000, backoff: { type: "fixed", delay: 5 } });
    expect(await until(id, "completed")).toMatchObject({ id, result: "the result", attemptsMade: 1, attemptsMax: 7 });
    expect(seen?.payload).toEqual(PAYLOAD);
    expect(seen?.context).toMatchObject({
      id,
      attempt: 1,
      attemptsMax: 7,
      createdAt: 1_700_000_000_000,
      backoff: { type: "fixed", delay: 5 },
    });
  });

  it("does not begin before the delay is over", async () => {
    let startedAt = 0;
    bench.work(async () => {
      startedAt = Date.now();
    });
    const createdAt = Date.now();
    const { id } = await bench.add({ delayMs: 400, createdAt });
    await until(id, "completed");
    expect(startedAt - createdAt).toBeGreaterThanOrEqual(400);
  });

  it("counts attempts, tells their outcomes and waits the backoff in between", async () => {
    const attempts: number[] = [];
    const times: number[] = [];
    const outcomes: JobOutcome[] = [];
    bench.work(
      async (_payload, { attempt }) => {
        attempts.push(attempt);
        times.push(Date.now());
        throw new TemporaryError("github_unreachable", "connect ECONNREFUSED");
      },
      { onOutcome: (_kind, outcome) => outcomes.push(outcome) },
    );
    const { id } = await bench.add({ attempts: 3, backoff: { type: "fixed", delay: 100 } });
    const job = await until(id, "failed");
    expect(job).toMatchObject({ attemptsMade: 3, failedReason: "github_unreachable: connect ECONNREFUSED" });
    expect(attempts).toEqual([1, 2, 3]);
    expect(outcomes).toEqual(["retried", "retried", "failed"]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(100);
  });

  it("waits as long as it was told to without using an attempt", async () => {
    let calls = 0;
    const outcomes: JobOutcome[] = [];
    bench.work(
      async (_payload, { attempt }) => {
        calls += 1;
        expect(attempt).toBe(1);
        if (calls <= 3) throw new RetryAfterError(50, "github_rate_limit");
      },
      { onOutcome: (_kind, outcome) => outcomes.push(outcome) },
    );
    const { id } = await bench.add({ attempts: 1 });
    expect(await until(id, "completed")).toMatchObject({ attemptsMade: 1 });
    expect(outcomes).toEqual(["waited", "waited", "waited", "completed"]);
  });

  it("notes why and until when a job waits, to the millisecond", async () => {
    bench.work(async () => Promise.reject(new RetryAfterError(120_000, "github_rate_limit")));
    const { id } = await bench.add();
    const job = await until(id, "delayed");
    expect(job).toMatchObject({ wait: { reason: "github_rate_limit" }, attemptsMade: 0, failedReason: undefined });
    expect(Math.abs(job.dueAt - (job.wait?.until ?? 0))).toBeLessThan(5);
  });

  it("fails a job at once when repeating cannot help", async () => {
    bench.work(async () => Promise.reject(new PermanentError("bad_credentials", "GitHub refused the token")));
    const { id } = await bench.add({ attempts: 5 });
    expect(await until(id, "failed")).toMatchObject({
      attemptsMade: 1,
      failedReason: "bad_credentials: GitHub refused the token",
    });
  });

  it("fails a payload that it does not understand, and a kind that it does not know, for good", async () => {
    let calls = 0;
    bench.work(async () => {
      calls += 1;
    });
    const { queue } = bench.queues.tasks;
    await queue.add("github.digest", { username: "../x", repository: 5 }, { jobId: "old", attempts: 5 });
    await queue.add("github.unheard", {}, { jobId: "strange", attempts: 5 });
    const [old, strange] = [await until("old", "failed"), await until("strange", "failed")];
    expect(old.failedReason).toMatch(/^invalid_payload: .*\/username.*\/repository/s);
    expect(strange.failedReason).toMatch(/^unknown_kind: /);
    expect([old.attemptsMade, strange.attemptsMade, calls]).toEqual([1, 1, 0]);
  });

  it("computes the exponential backoff itself", async () => {
    bench.work(async () => Promise.reject(new Error("boom")));
    const { id } = await bench.add({ backoff: toBackoffOptions("exponential", 100_000) });
    const before = Date.now();
    const wait = (await until(id, "delayed")).dueAt - before;
    expect(wait).toBeGreaterThan(79_000);
    expect(wait).toBeLessThan(121_000);
  });

  it("lets jobs under way finish when it is drained, and takes no more", async () => {
    let isOver = false;
    const digest = async () => void (await waitUntil(() => isOver, { what: "the test says so" }));
    const consumer = bench.work(digest, { concurrency: 1 });
    const { id } = await bench.add();
    await until(id, "active");
    expect(consumer.activity()).toMatchObject({ active: 1 });
    const draining = consumer.drain(10_000);
    const { id: next } = await bench.add();
    isOver = true;
    await draining;
    expect([(await read(id)).state, (await read(next)).state]).toEqual(["completed", "waiting"]);
    expect(consumer.activity().active).toBe(0);
  });

  it("puts back what does not finish in time, without using an attempt", async () => {
    const outcomes: JobOutcome[] = [];
    const consumer = bench.work(
      (_payload, { signal }) => untilAborted(signal).then(() => Promise.reject(new Error("aborted"))),
      { onOutcome: (_kind, outcome) => outcomes.push(outcome) },
    );
    const { id } = await bench.add();
    await until(id, "active");
    await consumer.drain(20);
    expect(await read(id)).toMatchObject({ state: "waiting", attemptsMade: 0 });
    expect(outcomes).toEqual(["interrupted"]);
  });

  it("tells how long the oldest due job has been waiting", async () => {
    expect(await oldestWaitingSeconds(bench.queues.tasks)).toBe(0);
    const createdAt = Date.now() - 5000;
    await bench.add({ createdAt });
    await bench.add({ deduplicationId: "newer" });
    const seconds = await oldestWaitingSeconds(bench.queues.tasks);
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThan(10);
  });
});
