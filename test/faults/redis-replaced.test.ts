import { waitUntil } from "@hookline/testing";
import { afterEach, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { expectAlive, probes } from "./support/alive.ts";
import { haveArrived, ledger } from "./support/ledger.ts";
import { startForgetfulRedis } from "./support/redis.ts";
import { createLoad, PAIR, startScene } from "./support/scene.ts";

let stack: Stack;
let closeRedis: () => Promise<void>;
afterEach(async () => {
  await stack.stop();
  await closeRedis();
});

it("Redis replaced by an empty one: old tasks are honestly gone, new ones work, and no app needs a restart", async () => {
  const redis = await startForgetfulRedis();
  closeRedis = redis.stop;
  stack = await startScene({ workers: 2, redisUrl: redis.url });
  const old = createLoad(stack);
  stack.receiver.respond({ status: 200, delayMs: 500 });
  await old.postMany(30, (index) => (index < 20 ? 0 : 2000));
  const { id: waiting } = await stack.post({ ...PAIR, scheduleInterval: 60_000 });
  await waitUntil(() => stack.receiver.received >= 10, { what: "posts are under way" });
  await redis.restart("SIGKILL");

  const isReady = async () => (await probes(stack)).every(({ healthz, readyz }) => healthz === 200 && readyz === 200);
  await waitUntil(isReady, { what: "all are ready", timeoutMs: 10_000 });
  for (const id of [waiting, ...old.accepted]) expect((await stack.request("GET", `/tasks/${id}`)).status).toBe(404);
  const fresh = createLoad(stack);
  const again = await stack.post({ ...PAIR, scheduleInterval: 60_000 });
  expect(again).toMatchObject({ duplicate: false, status: "scheduled" });
  stack.receiver.reset();
  await fresh.postMany(100, (index) => (index < 50 ? 0 : 1000));
  await waitUntil(() => haveArrived(fresh.accepted, stack.receiver), { what: "every new digest", timeoutMs: 30_000 });
  for (const id of fresh.accepted) await stack.untilStatus(id, "delivered");
  const own = {
    requests: stack.receiver.requests.filter(({ json }) => fresh.accepted.has((json as { id: string }).id)),
  };
  expect(ledger("an empty Redis: tasks accepted since", fresh.accepted, own)).toMatchObject({ lost: 0, repeated: 0 });
  expectAlive(stack);
}, 120_000);
