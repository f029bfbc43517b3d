import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { expectAlive, expectPrompt, probes } from "./support/alive.ts";
import { haveArrived, ledger } from "./support/ledger.ts";
import { ask, setConfig, startForgetfulRedis } from "./support/redis.ts";
import { createLoad, PAIR, startScene } from "./support/scene.ts";

const FULL_MS = 8000;

let stack: Stack;
let closeRedis: () => Promise<void>;
afterEach(async () => {
  await stack.stop();
  await closeRedis();
});

/** Leaves Redis no room for one more byte. */
async function fill(url: string): Promise<void> {
  const used = await ask(url, async (redis) => /^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
  await setConfig(url, "maxmemory", Math.floor(Number(used) / 2));
}

describe("Redis, full for 8 s,", () => {
  it("refuses new tasks, costs no accepted one, and repeats no digest that had arrived", async () => {
    const redis = await startForgetfulRedis();
    closeRedis = redis.stop;
    // Attempts are few and quick: any that a full Redis uses up would be missed.
    const env = { RETRY_MAX_ATTEMPTS: "1", RESCHEDULE_INTERVAL: "100" };
    stack = await startScene({ workers: 2, redisUrl: redis.url, env });
    const load = createLoad(stack);
    stack.receiver.respond({ status: 200, delayMs: 1000 });
    await load.postMany(60, (index) => (index < 30 ? 0 : 3000));
    await waitUntil(() => stack.receiver.received >= 15, { what: "15 posts are under way" });
    await fill(redis.url);

    const startedAt = performance.now();
    const refused = await stack.request("POST", "/tasks", { ...PAIR, scheduleInterval: 0 });
    expectPrompt([performance.now() - startedAt]);
    expect(refused).toMatchObject({ status: 503, body: { type: "urn:hookline:problem:unavailable" } });
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(refused.body.detail).toMatch(/Redis is full/);
    await delay(FULL_MS);
    for (const { healthz, readyz, ready } of await probes(stack)) {
      expect({ healthz, readyz }).toEqual({ healthz: 200, readyz: 503 });
      expect(JSON.stringify(ready)).toMatch(/Redis is full/);
    }

    await setConfig(redis.url, "maxmemory", 0);
    await waitUntil(async () => (await probes(stack)).every(({ readyz }) => readyz === 200), { what: "all are ready" });
    await load.postMany(5);
    await waitUntil(() => haveArrived(load.accepted, stack.receiver), { what: "every digest", timeoutMs: 40_000 });
    const isDelivered = async (id: string) => (await stack.task(id)).status === "delivered";
    const areDelivered = async () => (await Promise.all([...load.accepted].map(isDelivered))).every(Boolean);
    await waitUntil(areDelivered, { what: "every task is delivered", timeoutMs: 20_000, intervalMs: 500 });
    expect(ledger("Redis full for 8 s", load.accepted, stack.receiver)).toMatchObject({ lost: 0, repeated: 0 });
    expectAlive(stack);
  }, 120_000);
});
