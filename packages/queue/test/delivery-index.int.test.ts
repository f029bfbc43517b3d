import { toDeliveryId, toTaskId } from "@hookline/contracts";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import {
  addDeliveries,
  findEnded,
  forgetDeliveries,
  type IndexQuery,
  indexDeliveries,
  LONGEST_WAIT_MS,
  readDeliveryIndex,
  toTargetKey,
} from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

describe("the index of deliveries", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  const toId = (at: number, target = "default") => toDeliveryId(toTaskId(at, "0123456789abcdef"), toTargetKey(target));
  const add = (id: string) =>
    addDeliveries(bench.queues, bench.keys, [
      {
        id,
        payload: { taskId: "t", target: "default", bodyId: "b" },
        attempts: 1,
        backoff: { type: "fixed", delay: 0 },
      },
    ]);
  const addAt = async (...times: number[]) => {
    for (const timestamp of times) {
      await bench.queues.deliveries.queue.add("message.deliver", {}, { jobId: toId(timestamp), timestamp });
    }
    await indexDeliveries(
      bench.queues.deliveries,
      bench.keys,
      times.map((at) => toId(at)),
      Date.now(),
    );
  };
  const read = (query: Partial<IndexQuery> = {}) =>
    readDeliveryIndex(bench.redis, bench.keys, { order: "oldest_first", count: 100, ...query });
  const times = async (query: Partial<IndexQuery>) => (await read(query)).map(({ createdAt }) => createdAt);

  it("holds a delivery once, at the time of its job, however often and late it is added", async () => {
    const id = toId(1);
    await add(id);
    const first = await read();
    const { timestamp } = (await bench.queues.deliveries.queue.getJob(id)) ?? { timestamp: 0 };
    expect(first).toMatchObject([{ id, createdAt: timestamp, targetKey: toTargetKey("default") }]);
    await waitUntil(() => Date.now() > timestamp, { what: "it is later" });
    await Promise.all(Array.from({ length: 5 }, () => add(id)));
    expect(await read()).toEqual(first);
  });

  it("tells a job that was made anew under its id from the one that is gone", async () => {
    const id = toId(1);
    await addAt(Date.now() - 5000);
    const [old] = await read();
    await bench.queues.deliveries.queue.remove(old?.id ?? "");
    await add(id);
    await bench.queues.deliveries.queue.remove(id);
    const [, stale] = await read();
    await waitUntil(() => Date.now() > (stale?.createdAt ?? 0), { what: "it is later" });
    await add(id);
    const all = await read();
    expect(all.map((each) => each.id)).toEqual([old?.id, id, id]);
    expect(await findEnded(bench.queues.deliveries, "failed", all)).toEqual([]);
    await forgetDeliveries(bench.redis, bench.keys, all.slice(0, 2));
    expect(await read()).toEqual(all.slice(2));
  });

  it("gives a range of time in both directions and pages that neither repeat nor leave out", async () => {
    const now = Date.now();
    const [a, b, c, d] = [now - 4000, now - 3000, now - 2000, now - 1000];
    await addAt(c, a, d, b);
    expect(await times({})).toEqual([a, b, c, d]);
    expect(await times({ order: "newest_first" })).toEqual([d, c, b, a]);
    expect(await times({ since: b, until: d })).toEqual([b, c]);
    expect(await times({ since: d, until: b })).toEqual([]);
    expect(await times({ since: -1, until: 0 })).toEqual([]);
    const [, second, third] = await read();
    expect(await times({ after: second?.entry })).toEqual([c, d]);
    expect(await times({ after: second?.entry, order: "newest_first" })).toEqual([a]);
    expect(await times({ after: third?.entry, order: "newest_first", until: c, count: 1 })).toEqual([b]);
    expect(await times({ after: third?.entry, order: "newest_first", until: b })).toEqual([a]);
    expect(await times({ after: second?.entry, since: d })).toEqual([d]);
    expect(await times({ after: second?.entry, since: a, until: d })).toEqual([c]);
  });

  it("drops entries that are older than a delivery can be", async () => {
    const now = Date.now();
    await addAt(now - LONGEST_WAIT_MS - 1000, now - LONGEST_WAIT_MS + 60_000);
    expect(await times({})).toEqual([now - LONGEST_WAIT_MS + 60_000]);
  });
});
