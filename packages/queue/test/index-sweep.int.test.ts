import { toTaskId } from "@hookline/contracts";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { addDeliveries, sweepIndexes } from "../src/index.ts";
import { type Bench, openBench, toNewTask } from "./support/bench.ts";

const OLD_MS = 120_000;

describe("an index", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  const sizes = () =>
    Promise.all([bench.redis.zcard(bench.keys.taskIndex), bench.redis.zcard(bench.keys.deliveryIndex)]);

  it("of thousands of tasks that retention cleared away grows small again, and keeps those that are there", async () => {
    const old = Date.now() - OLD_MS;
    const gone = Array.from({ length: 3000 }, (_, index) => toTaskId(old, "0".repeat(13), index));
    await bench.redis.call("ZADD", bench.keys.taskIndex, ...gone.flatMap((id) => ["0", id]));
    const kept = toNewTask({ id: toTaskId(old + 1, "f".repeat(13)), createdAt: old, delayMs: 3_600_000 });
    await bench.add(kept);
    await sweepIndexes(bench.queues, bench.keys);
    expect(await bench.redis.zrange(bench.keys.taskIndex, "0", "-1")).toEqual([kept.id]);
  });

  it("drops deliveries too, and none that is young", async () => {
    const young = `d${toTaskId(Date.now(), "a".repeat(13)).slice(1)}-00000000`;
    const payload = { taskId: "t", target: "default", bodyId: "b" };
    await addDeliveries(bench.queues, bench.keys, [
      { id: young, payload, attempts: 1, backoff: { type: "fixed", delay: 1 } },
    ]);
    const time = (Date.now() - OLD_MS).toString(16).padStart(12, "0");
    await bench.redis.zadd(bench.keys.deliveryIndex, 0, `${time}d1-00000000`, 0, `${time}d2-00000000`);
    await bench.queues.deliveries.queue.remove(young);
    expect(await sizes()).toEqual([0, 3]);
    await sweepIndexes(bench.queues, bench.keys);
    expect(await sizes()).toEqual([0, 1]);
  });

  it("is looked through again from its beginning once its end was reached", async () => {
    const id = toTaskId(Date.now() - OLD_MS, "0".repeat(13));
    await bench.add(toNewTask({ id, delayMs: 3_600_000 }));
    await sweepIndexes(bench.queues, bench.keys);
    await bench.queues.tasks.queue.remove(id);
    await sweepIndexes(bench.queues, bench.keys);
    await sweepIndexes(bench.queues, bench.keys);
    expect(await sizes()).toEqual([0, 0]);
  });
});
