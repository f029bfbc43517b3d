import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  admit,
  appendAttempt,
  cancelJob,
  lastAttempt,
  readAttempts,
  readJob,
  retryJob,
  runJobNow,
} from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

describe("queues under control", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());
  const tasks = () => bench.queues.tasks;
  const until = (id: string, state: string) =>
    waitUntil(async () => (await readJob(tasks(), id))?.state === state, { what: `${id} is ${state}` });

  it("cancels a delayed and a waiting job and not one that there is not", async () => {
    const delayed = await bench.add({ delayMs: 60_000 });
    const waiting = await bench.add({ deduplicationId: "other" });
    expect(await cancelJob(tasks(), delayed.id)).toBe("done");
    expect(await cancelJob(tasks(), waiting.id)).toBe("done");
    expect(await cancelJob(tasks(), waiting.id)).toBe("not_found");
    expect(await readJob(tasks(), waiting.id)).toBeUndefined();
  });

  it("neither cancels, runs nor retries what is running or done", async () => {
    let isOver = false;
    bench.work(async () => {
      await waitUntil(() => isOver, { what: "the test says so" });
    });
    const { id } = await bench.add();
    await until(id, "active");
    for (const change of [cancelJob, runJobNow, retryJob]) expect(await change(tasks(), id)).toBe("wrong_state");
    isOver = true;
    await until(id, "completed");
    for (const change of [cancelJob, runJobNow, retryJob]) expect(await change(tasks(), id)).toBe("wrong_state");
  });

  it("makes a delayed job due at once and takes one that is due for done", async () => {
    const { id } = await bench.add({ delayMs: 60_000 });
    expect(await runJobNow(tasks(), id)).toBe("done");
    expect(await readJob(tasks(), id)).toMatchObject({ state: "waiting" });
    expect(await runJobNow(tasks(), id)).toBe("done");
    expect(await runJobNow(tasks(), "none")).toBe("not_found");
  });

  it("puts a failed job back with all its attempts", async () => {
    let fails = true;
    bench.work(async () => {
      if (fails) throw new Error("boom");
    });
    const { id } = await bench.add({ attempts: 1 });
    await until(id, "failed");
    fails = false;
    expect(await retryJob(tasks(), id)).toBe("done");
    await until(id, "completed");
    expect(await readJob(tasks(), id)).toMatchObject({ attemptsMade: 1 });
    expect(await retryJob(tasks(), "none")).toBe("not_found");
  });

  it("changes a job once when many ask for it at the same time", async () => {
    const { id } = await bench.add({ delayMs: 60_000 });
    const results = await Promise.all(Array.from({ length: 10 }, () => cancelJob(tasks(), id)));
    expect(results.filter((result) => result === "done").length).toBeGreaterThanOrEqual(1);
    expect(results.every((result) => ["done", "not_found", "wrong_state"].includes(result))).toBe(true);
  });

  it("admits up to the limit, counting what is being added, and forgets admissions whose process died", async () => {
    const ask = (id: string) => admit(tasks(), bench.keys, { limit: 2, id, deduplicationId: `request-${id}` });
    const first = await ask("a");
    expect([first.result, (await ask("b")).result, (await ask("c")).result]).toEqual([
      "admitted",
      "admitted",
      "refused",
    ]);
    if (first.result === "admitted") await first.release();
    expect((await ask("c")).result).toBe("admitted");
    // The two others' processes died long ago.
    const admissions = await bench.redis.zrange(bench.keys.admissions, "0", "-1");
    await bench.redis.zadd(bench.keys.admissions, ...admissions.flatMap((each) => [String(Date.now() - 1), each]));
    expect([(await ask("d")).result, (await ask("e")).result, (await ask("f")).result]).toEqual([
      "admitted",
      "admitted",
      "refused",
    ]);
  });

  it("keeps the newest 100 attempts of a delivery, for a time", async () => {
    const { redis, keys } = bench;
    const toAttempt = (durationMs: number) => ({
      at: new Date().toISOString(),
      outcome: "failed" as const,
      status: 500,
      durationMs,
      error: null,
      request: { url: "https://example.com", headers: {} },
      response: null,
    });
    expect(await lastAttempt(redis, keys, "d1")).toBeUndefined();
    for (let n = 1; n <= 105; n += 1)
      await appendAttempt(redis, keys, { deliveryId: "d1", attempt: toAttempt(n), ttlMs: 60_000 });
    const attempts = await readAttempts(redis, keys, "d1");
    expect([attempts.length, attempts[0]?.durationMs, attempts.at(-1)?.durationMs]).toEqual([100, 6, 105]);
    expect((await lastAttempt(redis, keys, "d1"))?.durationMs).toBe(105);
    expect(await redis.pttl(keys.attempts("d1"))).toBeGreaterThan(50_000);
  });
});
