import { randomBytes } from "node:crypto";
import { createKeys } from "@hookline/runtime";
import { afterAll, describe, expect, it } from "@jest/globals";
import { Redis } from "ioredis";
import { appendAttempt, lastAttempt, readAttempts } from "../src/attempt-log.ts";

const toAttempt = (durationMs: number) => ({
  at: new Date(0).toISOString(),
  outcome: "failed" as const,
  status: 500,
  durationMs,
  error: "the target answered 500",
  request: { url: "http://example.com/***", headers: {} },
  response: null,
});

describe("the attempt log", () => {
  const redis = new Redis(process.env.TEST_REDIS_URL ?? "");
  const keys = createKeys(`{test-${randomBytes(6).toString("hex")}}`);
  afterAll(() => redis.quit());

  it("keeps the newest hundred under their own numbers (the 101st was called the 100th)", async () => {
    for (let n = 0; n < 103; n += 1) {
      await appendAttempt(redis, keys, { deliveryId: "d1", attempt: toAttempt(n), ttlMs: 60_000 });
    }
    const numbers = (await readAttempts(redis, keys, "d1")).map(({ number }) => number);
    expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([100, 4, 103]);
    await expect(lastAttempt(redis, keys, "d1")).resolves.toMatchObject({ number: 103, status: 500 });
    await expect(lastAttempt(redis, keys, "d2")).resolves.toBeUndefined();
    expect(await redis.pttl(keys.attempts("d1"))).toBeGreaterThan(0);
  });

  it("keeps an attempt once that is told twice, as when a connection broke off before the answer", async () => {
    for (const durationMs of [1, 2, 2]) {
      await appendAttempt(redis, keys, { deliveryId: "d3", attempt: toAttempt(durationMs), ttlMs: 60_000 });
    }
    expect((await readAttempts(redis, keys, "d3")).map(({ number }) => number)).toEqual([1, 2]);
  });
});
