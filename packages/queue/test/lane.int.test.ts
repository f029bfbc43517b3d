import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type BreakerPolicy,
  enableLane,
  enterLane,
  type LaneEntry,
  type LaneExit,
  type LaneLimits,
  type LaneResult,
  leaveLane,
  readLane,
  spendInLane,
} from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.stop());

const LIMITS: LaneLimits = { intervalMs: 0, maxInFlight: 4, timeoutMs: 5000 };
const BREAKER: BreakerPolicy = { failures: 3, failingMs: 0, openMs: 60, longestOpenMs: 200, disableAfterMs: 60_000 };
const DELIVERED: LaneResult = { kind: "delivered", durationMs: 5 };
const SLOWLY: LaneResult = { kind: "delivered", durationMs: 1500 };
const FAILED: LaneResult = { kind: "failed", durationMs: 10, reason: "it answered 500" };
const TARGET = "team";

const enter = (deliveryId: string, limits = LIMITS): Promise<LaneEntry> =>
  enterLane(bench.redis, bench.keys, { target: TARGET, deliveryId, limits });
const leave = (deliveryId: string, result: LaneResult, more: Partial<BreakerPolicy> = {}): Promise<LaneExit> =>
  leaveLane(bench.redis, bench.keys, {
    target: TARGET,
    deliveryId,
    limits: LIMITS,
    result,
    breaker: { ...BREAKER, ...more },
  });
const pass = async (deliveryId: string, result: LaneResult, more: Partial<BreakerPolicy> = {}) => {
  expect(await enter(deliveryId)).toEqual({ mayGo: true });
  return leave(deliveryId, result, more);
};
const lane = () => readLane(bench.redis, bench.keys, TARGET);
const until = (reached: () => Promise<boolean>): Promise<void> =>
  reached().then((isReached) => (isReached ? undefined : until(reached)));

describe("a lane that is not known yet", () => {
  it("lets one request go at a time, and one more for each that succeeds", async () => {
    expect(await enter("d1")).toEqual({ mayGo: true });
    expect(await enter("d2")).toMatchObject({ mayGo: false, reason: "target_busy" });
    expect(await leave("d1", DELIVERED)).toMatchObject({ event: "", next: ["d2"] });
    expect(await enter("d2")).toEqual({ mayGo: true });
    expect(await enter("d3")).toEqual({ mayGo: true });
    expect(await enter("d4")).toMatchObject({ reason: "target_busy" });
    expect(await lane()).toMatchObject({ inFlight: 2, waiting: 1, breaker: "closed" });
  });

  it("never lets more go at once than the target takes", async () => {
    for (let index = 0; index < 20; index += 1) await pass(`d${index}`, DELIVERED);
    const entries = await Promise.all(Array.from({ length: 9 }, (_, index) => enter(`e${index}`)));
    expect(entries.filter(({ mayGo }) => mayGo)).toHaveLength(LIMITS.maxInFlight);
  });

  it("wakes those that wait in the order of their ids, each once, as many as there is room for", async () => {
    await enter("d1");
    for (const id of ["d5", "d3", "d4", "d2"]) await enter(id);
    expect((await leave("d1", DELIVERED)).next).toEqual(["d2", "d3"]);
    expect((await leave("d0", { kind: "none" })).next).toEqual(["d4", "d5"]);
    expect(await lane()).toMatchObject({ waiting: 0 });
  });

  it("lets nobody pass where one request goes at a time", async () => {
    const single = { ...LIMITS, maxInFlight: 1 };
    await enter("d1", single);
    for (const id of ["d3", "d2"]) expect(await enter(id, single)).toMatchObject({ reason: "target_busy" });
    await leave("d1", { kind: "none" });
    expect(await enter("d3", single)).toMatchObject({ reason: "target_busy" });
    expect(await enter("d2", single)).toEqual({ mayGo: true });
  });

  it("lets fewer and fewer go at once while the target takes a second and more, but for ten", async () => {
    const wide = { ...LIMITS, maxInFlight: 40 };
    const window = async () => Number(await bench.redis.hget(bench.keys.lane(TARGET), "window"));
    const leaveWide = (result: LaneResult) =>
      leaveLane(bench.redis, bench.keys, { target: TARGET, deliveryId: "d1", limits: wide, result, breaker: BREAKER });
    for (let index = 0; index < 50; index += 1) await leaveWide(DELIVERED);
    expect(await window()).toBe(40);
    await leaveWide(SLOWLY);
    expect(await window()).toBe(39);
    for (let index = 0; index < 50; index += 1) await leaveWide(SLOWLY);
    expect(await window()).toBe(10);
  });

  it("gives a place on to heirs of the same replica, as many as there is room for", async () => {
    await enter("d1");
    await enter("d3");
    const leaving = { target: TARGET, limits: LIMITS, result: DELIVERED, breaker: BREAKER };
    const exit = await leaveLane(bench.redis, bench.keys, { ...leaving, deliveryId: "d1", heirs: ["d2", "d3", "d4"] });
    expect(exit).toMatchObject({ window: 2, admitted: 2, next: [] });
    expect(await lane()).toMatchObject({ inFlight: 2, waiting: 0 });
  });

  it("gives no place to an heir while an older delivery waits, where one goes at a time", async () => {
    await enter("d1");
    await enter("d2");
    const leaving = { target: TARGET, limits: LIMITS, result: FAILED, breaker: BREAKER };
    const exit = await leaveLane(bench.redis, bench.keys, { ...leaving, deliveryId: "d1", heirs: ["d3"] });
    expect(exit).toMatchObject({ window: 1, admitted: 0, next: ["d2"] });
  });

  it("lets a delivery in again whose process was lost in the middle", async () => {
    expect(await enter("d1")).toEqual({ mayGo: true });
    expect(await enter("d1")).toEqual({ mayGo: true });
    expect((await lane()).inFlight).toBe(1);
  });
});

describe("a lane with a pace", () => {
  const paced = { ...LIMITS, intervalMs: 200 };

  it("spaces requests evenly and gives everybody a time of their own", async () => {
    expect(await enter("d1", paced)).toEqual({ mayGo: true });
    const waits: number[] = [];
    for (const id of ["d2", "d3", "d4"]) {
      const entry = await enter(id, paced);
      expect(entry).toMatchObject({ mayGo: false, reason: "target_pace" });
      if (!entry.mayGo) waits.push(entry.waitMs);
    }
    const [first = 0, second = 0, third = 0] = waits;
    expect(first).toBeGreaterThan(100);
    expect(first).toBeLessThanOrEqual(200);
    expect(second - first).toBeGreaterThan(150);
    expect(third - second).toBeGreaterThan(150);
  });
});

describe("a request more than was asked for", () => {
  it("makes the next one wait for it too", async () => {
    const paced = { ...LIMITS, intervalMs: 1000 };
    await enter("d1", paced);
    await spendInLane(bench.redis, bench.keys, { target: TARGET, intervalMs: 1000 });
    const entry = await enter("d2", paced);
    expect(entry.mayGo ? 0 : entry.waitMs).toBeGreaterThan(1500);
  });
});

describe("a lane whose target says when to come back", () => {
  it("lets nobody go until then, and then one at a time", async () => {
    for (const id of ["a", "b", "c", "d"]) await pass(id, DELIVERED);
    await enter("d1");
    expect(await leave("d1", { kind: "retry_later", waitMs: 150 })).toMatchObject({
      event: "paused",
      ms: 150,
      next: [],
    });
    const entry = await enter("d1");
    expect(entry).toMatchObject({ mayGo: false, reason: "target_retry_after" });
    expect(await lane()).toMatchObject({ pauseReason: "target_retry_after" });
    await until(async () => (await enter("d1")).mayGo);
    expect(await enter("d2")).toMatchObject({ reason: "target_busy" });
  });

  it("keeps the place of the delivery that was told so, and lets it go when the target is enabled", async () => {
    await enter("d1");
    await leave("d1", { kind: "retry_later", waitMs: 86_400_000 });
    expect(await enter("d2")).toMatchObject({ reason: "target_retry_after" });
    const { waiting } = await enableLane(bench.redis, bench.keys, TARGET);
    expect(waiting).toEqual(["d1", "d2"]);
    // Whoever cannot be found is waited for a few seconds, not until the pause would have been over.
    const due = await bench.redis.zscore(bench.keys.laneExpected(TARGET), "d1");
    expect(Number(due)).toBeLessThan(Date.now() + 10_000);
  });

  it("is told so also by a request that no delivery made", async () => {
    await leave("", { kind: "retry_later", waitMs: 60_000 });
    expect(await enter("d1")).toMatchObject({ reason: "target_retry_after" });
    expect((await lane()).waiting).toBe(1);
  });

  it("keeps the longer of two waits", async () => {
    await pass("d1", { kind: "retry_later", waitMs: 60_000 });
    await leave("d2", { kind: "retry_later", waitMs: 10 });
    expect(await enter("d3")).toMatchObject({ reason: "target_retry_after" });
    expect((await lane()).pausedUntil).toBeGreaterThan(Date.now() + 50_000);
    expect(await bench.redis.pttl(bench.keys.lane(TARGET))).toBeGreaterThan(59_000);
  });
});

describe("the breaker", () => {
  it("opens after failures in a row, lets one probe go, doubles while that fails and closes with a success", async () => {
    await pass("d1", FAILED);
    await pass("d2", FAILED);
    expect(await pass("d3", FAILED)).toMatchObject({ event: "opened", ms: 60 });
    expect(await enter("d4")).toMatchObject({ mayGo: false, reason: "target_breaker_open" });
    expect((await lane()).breaker).toBe("open");

    await until(async () => (await enter("d4")).mayGo);
    expect((await lane()).breaker).toBe("half_open");
    expect(await enter("d5")).toMatchObject({ reason: "target_busy" });
    expect(await leave("d4", FAILED)).toMatchObject({ event: "opened", ms: 120 });

    await until(async () => (await enter("d4")).mayGo);
    expect(await leave("d4", DELIVERED)).toMatchObject({ event: "closed" });
    expect((await lane()).breaker).toBe("closed");
  });

  it("counts failures in a row only", async () => {
    for (const result of [FAILED, FAILED, DELIVERED, FAILED, FAILED]) {
      expect((await pass("d1", result)).event).toBe("");
    }
  });

  it("stays closed while the failures come all at once", async () => {
    for (const id of ["d1", "d2", "d3", "d4"]) expect((await pass(id, FAILED, { failingMs: 5000 })).event).toBe("");
  });
});

describe("a target that is gone", () => {
  it("has its deliveries parked, and all of them back in order when it is enabled", async () => {
    await enter("d9");
    expect(await leave("d9", { kind: "gone", reason: "it answered 410" })).toMatchObject({ event: "disabled" });
    const ids = ["d9", "d3", "d1", "d2"];
    for (const id of ids) expect(await enter(id)).toMatchObject({ mayGo: false, reason: "target_disabled" });
    await leave("", { kind: "retry_later", waitMs: 10 });
    expect(await lane()).toMatchObject({ disabled: { reason: "it answered 410" }, waiting: 4, inFlight: 0 });
    expect(await bench.redis.pttl(bench.keys.lane(TARGET))).toBe(-1);

    const { parked } = await enableLane(bench.redis, bench.keys, TARGET);
    expect(parked).toEqual(["d1", "d2", "d3", "d9"]);
    expect(await lane()).toMatchObject({ disabled: undefined, waiting: 4 });
    const order: string[] = [];
    for (const [index, id] of ["d1", "d2", "d3", "d9"].entries()) {
      const others = ["d9", "d3", "d2"].filter((other) => other > id);
      for (const other of others) expect(await enter(other)).toMatchObject({ reason: "target_busy" });
      expect(await enter(id)).toEqual({ mayGo: true });
      for (const other of others) expect(await enter(other)).toMatchObject({ reason: "target_busy" });
      order.push(id, ...(index < 3 ? (await leave(id, DELIVERED)).next : []));
    }
    expect(order).toEqual(["d1", "d2", "d2", "d3", "d3", "d9", "d9"]);
  });

  it("is not one that failed twice, a week apart", async () => {
    const week = 7 * 86_400_000;
    await pass("d1", FAILED, { disableAfterMs: 432_000_000 });
    const since = String(Date.now() - week);
    await bench.redis.hset(bench.keys.lane(TARGET), { failingSince: since, failedAt: since });
    expect(await pass("d2", FAILED, { disableAfterMs: 432_000_000 })).toMatchObject({ event: "" });
  });

  it("is forgotten in time when a request supplied it", async () => {
    const target = "webhook~example.com~0123456789";
    const limits = LIMITS;
    const result: LaneResult = { kind: "gone", reason: "it answered 410" };
    await leaveLane(bench.redis, bench.keys, { target, deliveryId: "d1", limits, result, breaker: BREAKER });
    await enterLane(bench.redis, bench.keys, { target, deliveryId: "d1", limits });
    for (const key of [bench.keys.lane(target), bench.keys.parked(target)]) {
      expect(await bench.redis.pttl(key)).toBeGreaterThan(60 * 86_400_000);
    }
  });

  it("is also one that has done nothing but fail for long", async () => {
    expect(await pass("d1", FAILED, { disableAfterMs: 5 })).toMatchObject({ event: "" });
    expect(await pass("d1", FAILED, { disableAfterMs: 5 })).toMatchObject({ event: "disabled" });
    expect((await lane()).disabled).toMatchObject({ reason: "it answered 500" });
  });
});
