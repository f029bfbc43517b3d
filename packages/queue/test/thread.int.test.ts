import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { endTurn, findThreadRoot, leaveThread, registerInThread, saveThreadRoot, takeTurn } from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.stop());

const THREAD = { target: "team", threadKey: "9007199254741434" };
const take = (deliveryId: string) =>
  takeTurn(bench.queues.deliveries, bench.keys, { ...THREAD, deliveryId, leaseMs: 5000 });
const end = (deliveryId: string, isOver = true) => endTurn(bench.redis, bench.keys, { ...THREAD, deliveryId, isOver });
const register = (deliveryId: string) => registerInThread(bench.redis, bench.keys, { ...THREAD, deliveryId });

describe("a thread", () => {
  it("has one message under way at a time, and names the next", async () => {
    expect(await take("d1")).toBe(0);
    expect(await take("d2")).toBeGreaterThan(0);
    expect(await end("d1")).toBe("d2");
    expect(await take("d2")).toBe(0);
    expect(await end("d2")).toBeUndefined();
  });

  it("keeps the order in which messages were accepted, whichever replica is quicker", async () => {
    for (const id of ["d1", "d2", "d3"]) await register(id);
    expect(await take("d3")).toBeGreaterThan(0);
    expect(await take("d2")).toBeGreaterThan(await take("d1"));
    expect(await end("d1")).toBe("d2");
    expect(await take("d3")).toBeGreaterThan(0);
  });

  it("keeps the place of a message that has to wait", async () => {
    await take("d1");
    await take("d2");
    expect(await end("d1", false)).toBeUndefined();
    expect(await take("d2")).toBeGreaterThan(0);
    expect(await take("d1")).toBe(0);
  });

  it("goes on when the first in line does not come for too long", async () => {
    await register("d1");
    expect(await take("d2")).toBeGreaterThan(0);
    const key = bench.keys.threadTurn(THREAD.target, THREAD.threadKey);
    await bench.redis.hset(key, "since", Date.now() - 200_000);
    expect(await take("d2")).toBe(0);
  });

  it("waits once, not once for each, for messages that never come", async () => {
    for (const id of ["d1", "d2", "d3", "d4"]) await register(id);
    expect(await take("d5")).toBeGreaterThan(0);
    const key = bench.keys.threadTurn(THREAD.target, THREAD.threadKey);
    await bench.redis.hset(key, "since", Date.now() - 200_000);
    expect(await take("d5")).toBe(0);
  });

  it("does not wait for a message that has ended and whose task ran again", async () => {
    const { queue } = bench.queues.deliveries;
    await bench.redis.hset(queue.toKey("d1"), { finishedOn: "1", data: "{}" });
    await register("d1");
    expect(await take("d2")).toBe(0);
  });

  it("does not wait for a message that was cancelled", async () => {
    await register("d1");
    await leaveThread(bench.redis, bench.keys, { ...THREAD, deliveryId: "d1" });
    expect(await take("d2")).toBe(0);
  });

  it("waits for a message under way even when an earlier one comes late", async () => {
    expect(await take("d2")).toBe(0);
    expect(await take("d1")).toBeGreaterThan(0);
    expect(await end("d2")).toBe("d1");
  });

  it("remembers what replies are posted to for each day", async () => {
    const day = { ...THREAD, day: "2026-11-21" };
    expect(await findThreadRoot(bench.redis, bench.keys, day)).toBeUndefined();
    const root = { ref: "1700000000.000100", bodyId: "t1", shown: "Welcome", shownBy: "d1" };
    await saveThreadRoot(bench.redis, bench.keys, { ...day, root });
    expect(await findThreadRoot(bench.redis, bench.keys, day)).toEqual(root);
    expect(await findThreadRoot(bench.redis, bench.keys, { ...day, day: "2026-11-22" })).toBeUndefined();
  });
});
