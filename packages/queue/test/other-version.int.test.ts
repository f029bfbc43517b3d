import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { announceVersion, findPatienceMs, readJob } from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

describe("a job of a version that is not ours", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  const look = (id: string) => readJob(bench.queues.tasks, id);
  const add = (name: string, payload: unknown, jobId: string) =>
    bench.queues.tasks.queue.add(name, payload, { jobId, attempts: 5 });

  it.each([
    ["of an unknown kind", "github.poem", {}],
    ["with an unknown payload", "github.digest", { username: "octocat", verses: 4 }],
  ])("%s waits for a replica that knows it, without an attempt", async (_, name, payload) => {
    bench.work(async () => undefined, { patienceMs: async () => 60_000 });
    await add(name, payload, "newer");
    const job = await waitUntil(
      async () => {
        const found = await look("newer");
        return found?.wait?.reason === "other_version" && found.state === "delayed" ? found : undefined;
      },
      { what: "it was put back" },
    );
    expect(job).toMatchObject({ attemptsMade: 0, failedReason: undefined });
  });

  it("is given time only while workers of another version are there", async () => {
    const { redis, keys } = bench;
    await announceVersion(redis, keys);
    await expect(findPatienceMs(redis, keys)).resolves.toBe(0);
    await redis.zadd(keys.workerVersions, Date.now() - 120_000, "gone long ago");
    await expect(findPatienceMs(redis, keys)).resolves.toBe(0);
    await redis.zadd(keys.workerVersions, Date.now(), "another");
    await expect(findPatienceMs(redis, keys)).resolves.toBeGreaterThan(60_000);
  });

  it("fails at once, saying why, where all workers are of one version", async () => {
    bench.work(async () => undefined);
    await add("github.digest", { username: "octocat" }, "older");
    const job = await waitUntil(
      async () => {
        const found = await look("older");
        return found?.state === "failed" ? found : undefined;
      },
      { what: "it has failed" },
    );
    expect(job.failedReason).toMatch(/^invalid_payload: /);
  });

  it("fails for good, saying why, when nobody took it for that long", async () => {
    const outcomes: string[] = [];
    const onOutcome = (_kind: string, outcome: string) => void outcomes.push(outcome);
    bench.work(async () => undefined, { patienceMs: async () => 1200, onOutcome });
    const addedAt = Date.now();
    await add("github.poem", {}, "newer");
    const job = await waitUntil(
      async () => {
        const found = await look("newer");
        return found?.state === "failed" ? found : undefined;
      },
      { what: "it has failed" },
    );
    expect(job?.failedReason).toMatch(/^unknown_kind: /);
    expect(Date.now() - addedAt).toBeGreaterThanOrEqual(1200);
    // Bounded: it is looked at now and then, not in a loop.
    expect(outcomes.length).toBeLessThan(6);
    expect(outcomes.at(-1)).toBe("failed");
  });
});
