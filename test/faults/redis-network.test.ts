import type { EmbeddedRedis } from "@hookline/embedded-redis";
import { startTcpProxy, type TcpProxy, waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { expectAlive, expectPrompt, probes } from "./support/alive.ts";
import { haveArrived, ledger } from "./support/ledger.ts";
import { startForgetfulRedis } from "./support/redis.ts";
import { createLoad, keepPosting, type Load, startScene } from "./support/scene.ts";

/** Stranded connections are given up by then, and what hung on them runs again. */
const BACK_WITHIN_MS = 30_000;

let redis: EmbeddedRedis;
let proxy: TcpProxy;
let stack: Stack;
let load: Load;

beforeEach(async () => {
  redis = await startForgetfulRedis();
  proxy = await startTcpProxy({ port: redis.port });
  stack = await startScene({ workers: 2, redisUrl: `redis://127.0.0.1:${proxy.port}` });
  load = createLoad(stack);
});

afterEach(async () => {
  proxy.thaw();
  await stack.stop();
  await proxy.stop();
  await redis.stop();
});

async function untilArrived(title: string) {
  await waitUntil(() => haveArrived(load.accepted, stack.receiver), { what: "every digest", timeoutMs: 45_000 });
  expectAlive(stack);
  return ledger(title, load.accepted, stack.receiver);
}

describe("the network to Redis", () => {
  it("takes 200 ms each way: everything takes longer, nothing is lost or repeated", async () => {
    proxy.latencyMs = 200;
    await load.postMany(100);
    for (const { healthz, readyz } of await probes(stack))
      expect({ healthz, readyz }).toEqual({ healthz: 200, readyz: 200 });
    expect(await untilArrived("Redis 200 ms away each way")).toMatchObject({ accepted: 100, lost: 0, repeated: 0 });
  }, 90_000);

  it("breaks every connection off ten times under load: nothing is lost", async () => {
    const posting = keepPosting(load, { everyMs: 20 });
    for (let cut = 1; cut <= 10; cut += 1) {
      await waitUntil(() => load.accepted.size >= cut * 15, {
        what: `${cut * 15} tasks are accepted`,
        timeoutMs: 20_000,
      });
      proxy.cut();
    }
    await posting.stop();
    expect(await untilArrived("connections to Redis cut ten times")).toMatchObject({ lost: 0 });
  }, 90_000);

  it("forgets the connections without telling anybody: they are replaced, and nothing is lost", async () => {
    const posting = keepPosting(load, { everyMs: 50 });
    await waitUntil(() => stack.receiver.accepted >= 40, { what: "40 digests" });
    proxy.strand();
    const since = performance.now();
    const isReady = async () => (await probes(stack)).every(({ readyz }) => readyz === 200);
    await waitUntil(isReady, { what: "all have Redis back", timeoutMs: BACK_WITHIN_MS, intervalMs: 250 });
    const backAfterMs = Math.round(performance.now() - since);
    await posting.stop();
    expectPrompt(posting.statuses.map(({ ms }) => ms));
    await load.postMany(10);
    const title = `connections to Redis stranded, back after ${backAfterMs} ms`;
    expect(await untilArrived(title)).toMatchObject({ lost: 0 });
  }, 120_000);
});
