import { PermanentError, RetryAfterError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type Bench, openBench, untilAborted } from "./support/bench.ts";

describe("deduplication", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  const keyOf = () => bench.redis.get(bench.queues.tasks.queue.toKey("de:the-same"));
  const stateOf = (id: string) => bench.queues.tasks.queue.getJobState(id);
  const until = (id: string, state: string) =>
    waitUntil(async () => (await stateOf(id)) === state, { what: `${id} is ${state}` });

  it("keeps BullMQ's contract: the key is de:<id>, its value the job's id, and it has no end", async () => {
    const { id } = await bench.add({ delayMs: 60_000 });
    expect(await keyOf()).toBe(id);
    expect(await bench.redis.pttl(bench.queues.tasks.queue.toKey("de:the-same"))).toBe(-1);
    expect(await bench.queues.tasks.queue.getDeduplicationJobId("the-same")).toBe(id);
  });

  it("answers the second add with the first job's id and indexes nothing", async () => {
    const first = await bench.add({ delayMs: 60_000 });
    const second = await bench.add({ delayMs: 60_000 });
    expect(second).toEqual({ id: first.id, isDuplicate: true });
    expect(await bench.redis.zrange(bench.keys.taskIndex, "0", "-1")).toEqual([first.id]);
  });

  it("lets the same add be repeated", async () => {
    const task = { id: "t0123456789abcdef0123456789ab", delayMs: 60_000 };
    expect(await bench.add(task)).toEqual({ id: task.id, isDuplicate: false });
    expect(await bench.add(task)).toEqual({ id: task.id, isDuplicate: false });
    expect(await bench.queues.tasks.queue.getDelayedCount()).toBe(1);
  });

  it("ends when the job begins to run", async () => {
    let seen: string | null = "unknown";
    bench.work(async () => {
      seen = await keyOf();
    });
    const { id } = await bench.add();
    await until(id, "completed");
    expect(seen).toBeNull();
  });

  it.each([
    ["the other side said when", () => new RetryAfterError(600_000, "github_rate_limit")],
    ["an attempt failed", () => new Error("boom")],
  ])("is taken back when the job waits again because %s", async (_why, error) => {
    bench.work(async () => Promise.reject(error()));
    const { id } = await bench.add();
    await until(id, "delayed");
    expect(await keyOf()).toBe(id);
    expect(await bench.add()).toEqual({ id, isDuplicate: true });
  });

  it("is taken back when a job is put back at shutdown (it was lost, and the request came twice)", async () => {
    const consumer = bench.work((_payload, { signal }) =>
      untilAborted(signal).then(() => Promise.reject(signal.reason)),
    );
    const { id } = await bench.add();
    await until(id, "active");
    await consumer.drain(10);
    expect(await stateOf(id)).toBe("waiting");
    expect(await bench.add()).toEqual({ id, isDuplicate: true });
  });

  it("stays with the newer request when one came while the job ran", async () => {
    let newer = "";
    bench.work(async (_payload, { attempt }) => {
      if (attempt === 1) newer = (await bench.add({ delayMs: 600_000 })).id;
      throw new Error("boom");
    });
    const { id } = await bench.add();
    await until(id, "delayed");
    expect(newer).not.toBe(id);
    expect(await keyOf()).toBe(newer);
  });

  it.each([
    ["fails for good", () => new PermanentError("repository_not_found", "none"), "failed"],
    ["has no attempts left", () => new Error("boom"), "failed"],
  ])("ends with a job that %s", async (_why, error, state) => {
    bench.work(async () => Promise.reject(error()));
    const { id } = await bench.add({ attempts: 1 });
    await until(id, state);
    expect(await keyOf()).toBeNull();
  });

  it("ends with a job that waited again and then succeeded", async () => {
    bench.work(async (_payload, { attempt }) => {
      if (attempt === 1) throw new Error("boom");
    });
    const { id } = await bench.add({ backoff: { type: "fixed", delay: 10 } });
    await until(id, "completed");
    expect(await keyOf()).toBeNull();
  });

  it("ends with a job that is removed", async () => {
    const { id } = await bench.add({ delayMs: 60_000 });
    await bench.queues.tasks.queue.remove(id);
    expect(await keyOf()).toBeNull();
  });
});
