import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "@hookline/testing";
import { afterEach, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { expectAlive } from "./support/alive.ts";
import { ledger } from "./support/ledger.ts";
import { startForgetfulRedis } from "./support/redis.ts";
import { createLoad, startScene } from "./support/scene.ts";

/** Longer than a job's lock: Redis comes back believing that everybody was lost. */
const FROZEN_MS = 20_000;
const IN_HAND = 20;

let stack: Stack;
let close: () => Promise<void>;
afterEach(() => close());

it("Redis frozen for longer than a job's lock: what arrived in the meantime is not posted again", async () => {
  const redis = await startForgetfulRedis();
  stack = await startScene({ workers: 2, redisUrl: redis.url });
  close = async () => {
    await redis.resume();
    await stack.stop();
    await redis.stop();
  };
  const load = createLoad(stack);
  let answer = (): void => undefined;
  const answering = new Promise<void>((resolve) => {
    answer = resolve;
  });
  stack.receiver.respond(async () => {
    await answering;
    return { status: 200 };
  });
  await load.postMany(IN_HAND);
  await stack.receiver.waitFor(IN_HAND);
  await redis.pause();
  answer();
  await waitUntil(() => stack.receiver.accepted === IN_HAND, { what: "every post is answered" });
  await delay(FROZEN_MS);
  await redis.resume();
  for (const id of load.accepted) {
    const { deliveries } = await stack.untilStatus(id, "delivered", 40_000);
    const { body } = await stack.request("GET", `/deliveries/${deliveries[0]?.id}`);
    expect(body).toMatchObject({ status: "delivered", attempts: [{ number: 1, outcome: "delivered", status: 200 }] });
    expect(body.attempts).toHaveLength(1);
  }
  const title = `Redis frozen for ${FROZEN_MS / 1000} s with ${IN_HAND} posts in hand`;
  expect(ledger(title, load.accepted, stack.receiver)).toMatchObject({ lost: 0, repeated: 0 });
  expectAlive(stack);
}, 120_000);
