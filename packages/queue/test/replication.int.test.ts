import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createReplication, ReplicationError, type ReplicationOptions } from "../src/index.ts";
import { type Bench, openBench, REDIS } from "./support/bench.ts";

/** The tests' Redis is a master without replicas. */
describe("a job is accepted", () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.stop());

  const logged: string[] = [];
  const note = (event: string) => void logged.push(event);
  const log: ReplicationOptions["log"] = { error: note, warn: note, info: note, debug: note };
  const SENTINEL = { ...REDIS, REDIS_SENTINELS: ["sentinel"] };

  function replicate(settings: Partial<ReplicationOptions["settings"]>) {
    const all = { ...REDIS, REDIS_MIN_REPLICAS: undefined, ...settings };
    return createReplication({ open: bench.queues.tasks, settings: all, log });
  }

  it("at once by one Redis, of which nobody expects replicas", async () => {
    await replicate({}).confirm("never-added");
    await replicate({ ...SENTINEL, REDIS_MIN_REPLICAS: 0 }).confirm("never-added");
  });

  it("never when fewer replicas hold it than were asked for, and told so within a second", async () => {
    const { id } = await bench.add();
    const startedAt = Date.now();
    await expect(replicate({ REDIS_MIN_REPLICAS: 1 }).confirm(id)).rejects.toThrow(ReplicationError);
    expect(Date.now() - startedAt).toBeLessThan(1000);
  });

  it("by a master that has no replica left, where nobody asked for one; that is told once and waited for once", async () => {
    const { id } = await bench.add();
    const replication = replicate(SENTINEL);
    await replication.confirm(id);
    const startedAt = Date.now();
    await Promise.all(Array.from({ length: 20 }, () => replication.confirm(id)));
    expect(Date.now() - startedAt).toBeLessThan(400);
    expect(logged).toEqual(["redis.alone"]);
  });

  it("never when the server that took over does not have it, and others asked about at the same time are", async () => {
    const { id } = await bench.add();
    const replication = replicate(SENTINEL);
    const results = await Promise.allSettled(["lost", id, "lost-too"].map((name) => replication.confirm(name)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
  });
});
