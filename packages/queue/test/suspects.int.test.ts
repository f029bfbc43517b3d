import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type ExhaustedJob, type JobState, readJob, retryJob } from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

describe("a job under way in processes that died", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  /** What BullMQ counts when a job's process is gone. */
  const lose = (id: string, times: number) => bench.redis.hset(bench.queues.tasks.queue.toKey(id), "stc", times);
  const stateOf = async (id: string): Promise<JobState | undefined> => (await readJob(bench.queues.tasks, id))?.state;

  async function addLost(times: number, count = 1): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { id } = await bench.add({ delayMs: 600_000, deduplicationId: `lost-${index}` });
      await lose(id, times);
      ids.push(id);
    }
    for (const id of ids) await (await bench.queues.tasks.queue.getJob(id))?.promote();
    return ids;
  }

  it("runs beside others the first time, for any process may die", async () => {
    let most = 0;
    let running = 0;
    bench.work(async () => {
      running += 1;
      most = Math.max(most, running);
      await waitUntil(() => most === 3, { what: "three at once" });
    });
    const ids = await addLost(1, 3);
    await waitUntil(async () => (await Promise.all(ids.map(stateOf))).every((state) => state === "completed"), {
      what: "all are done",
    });
  });

  it.each([2, 3])("runs only while no other such job does once it was lost %i times", async (times) => {
    let running = 0;
    let most = 0;
    const digest = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 30));
      running -= 1;
    };
    bench.work(digest);
    bench.work(digest);
    const ids = await addLost(times, 6);
    await waitUntil(async () => (await Promise.all(ids.map(stateOf))).every((state) => state === "completed"), {
      what: "all are done",
      timeoutMs: 20_000,
    });
    expect(most).toBe(1);
  });

  it("fails with a clear code after four, told once, and the same request may come again", async () => {
    const told: ExhaustedJob[] = [];
    const outcomes: string[] = [];
    let calls = 0;
    bench.work(
      async () => {
        calls += 1;
      },
      { onExhausted: async (job) => void told.push(job), onOutcome: (_kind, outcome) => outcomes.push(outcome) },
    );
    const [id = ""] = await addLost(4);
    await waitUntil(async () => (await stateOf(id)) === "failed", { what: "it has failed" });
    expect((await readJob(bench.queues.tasks, id))?.failedReason).toMatch(/^worker_lost: 4 worker processes/);
    expect(told).toMatchObject([{ id, error: { code: "worker_lost" } }]);
    expect([outcomes, calls]).toEqual([["failed"], 0]);
    const again = await bench.add({ deduplicationId: "lost-0" });
    expect(again.isDuplicate).toBe(false);
  });

  it("that is retried by hand is no suspect any longer", async () => {
    let calls = 0;
    bench.work(async () => {
      calls += 1;
    });
    const [id = ""] = await addLost(4);
    await waitUntil(async () => (await stateOf(id)) === "failed", { what: "it has failed" });
    expect(await retryJob(bench.queues.tasks, id)).toBe("done");
    await waitUntil(async () => (await stateOf(id)) === "completed", { what: "it is done" });
    expect(calls).toBe(1);
  });
});
