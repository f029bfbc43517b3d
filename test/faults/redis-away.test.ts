import { setTimeout as delay } from "node:timers/promises";
import type { EmbeddedRedis } from "@hookline/embedded-redis";
import { waitUntil } from "@hookline/testing";
import { describe, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { expectAlive, expectPrompt, probes } from "./support/alive.ts";
import { haveArrived, ledger } from "./support/ledger.ts";
import { setConfig, startDurableRedis } from "./support/redis.ts";
import { createLoad, keepPosting, startScene } from "./support/scene.ts";

const AWAY_MS = 10_000;
const BACK_WITHIN_MS = 15_000;

interface Outage {
  readonly how: string;
  readonly begin: (redis: EmbeddedRedis) => Promise<void>;
  readonly end: (redis: EmbeddedRedis) => Promise<void>;
}

const outages: readonly Outage[] = [
  { how: "stopped with SIGTERM", begin: (redis) => redis.kill("SIGTERM"), end: (redis) => redis.restart() },
  { how: "killed with SIGKILL", begin: (redis) => redis.kill("SIGKILL"), end: (redis) => redis.restart() },
  { how: "frozen with SIGSTOP", begin: (redis) => redis.pause(), end: (redis) => redis.resume() },
];

describe("Redis, away for 10 s under load,", () => {
  it.each(outages)("when $how, costs no accepted task, and no app needs a restart", async ({ how, begin, end }) => {
    const redis = await startDurableRedis();
    // What the last second of an `everysec` file may cost is Redis's promise, not ours.
    await setConfig(redis.url, "appendfsync", "always");
    const stack = await startScene({ workers: 2, redisUrl: redis.url });
    try {
      const load = createLoad(stack);
      stack.receiver.respond({ status: 200, delayMs: 100 });
      await load.postMany(50, (index) => index * 300);
      const before = keepPosting(load, { everyMs: 40 });
      await waitUntil(() => stack.receiver.accepted >= 30, { what: "30 digests" });
      await begin(redis);
      await before.stop();
      await expectAway(stack, () => load.post());
      await end(redis);
      await waitUntil(async () => (await probes(stack)).every(({ readyz }) => readyz === 200), {
        what: "all are ready again",
        timeoutMs: BACK_WITHIN_MS,
      });
      await load.postMany(20);
      await waitUntil(() => haveArrived(load.accepted, stack.receiver), { what: "every digest", timeoutMs: 40_000 });
      expect(ledger(`Redis ${how} for 10 s`, load.accepted, stack.receiver).lost).toBe(0);
      expectAlive(stack);
    } finally {
      await redis.resume().catch(() => undefined);
      await stack.stop();
      await redis.stop();
    }
  }, 120_000);
});

/** While Redis is away every post is answered 503 in time, and the probes say what is the matter. */
async function expectAway(stack: Stack, post: () => Promise<number>): Promise<void> {
  const endsAt = performance.now() + AWAY_MS;
  const durationsMs: number[] = [];
  while (performance.now() < endsAt) {
    const startedAt = performance.now();
    expect(await post()).toBe(503);
    durationsMs.push(performance.now() - startedAt);
    await delay(250);
  }
  expectPrompt(durationsMs);
  for (const { healthz, readyz } of await probes(stack))
    expect({ healthz, readyz }).toEqual({ healthz: 200, readyz: 503 });
}
