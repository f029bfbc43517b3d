import { PermanentError, RetryAfterError, silentLogger, TemporaryError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { holdLock } from "../src/snapshots/lock.ts";
import type { Snapshot } from "../src/snapshots/snapshot.ts";
import { createSnapshotStore, type SnapshotStore, type SnapshotStoreOptions } from "../src/snapshots/store.ts";
import { snapshot } from "./support/snapshots.ts";
import { openTestRedis, type TestRedis } from "./support/test-redis.ts";

const PAIR = { username: "octocat", repository: "hello-world" };
const never = new AbortController().signal;
let test: TestRedis;
let collections: number;
let collect: () => Promise<Snapshot>;

beforeEach(() => {
  test = openTestRedis();
  collections = 0;
  collect = async () => snapshot();
});
afterEach(() => test.stop());

/** A store as a replica of its own has it. */
function replica(options: Partial<SnapshotStoreOptions> = {}): SnapshotStore {
  return createSnapshotStore({
    redis: test.connect(),
    keys: test.keys,
    log: silentLogger,
    freshMs: 60_000,
    staleMs: 60_000,
    collect: () => {
      collections += 1;
      return collect();
    },
    onServed: () => undefined,
    ...options,
  });
}

/** A collection that lasts until it is told how it ends. */
function pending() {
  let end: (value: Promise<Snapshot>) => void = () => undefined;
  const promise = new Promise<Snapshot>((resolve) => {
    end = resolve;
  });
  collect = () => promise;
  return (value: Promise<Snapshot>) => end(value);
}

const isCollecting = () => waitUntil(() => collections > 0, { what: "a collection has begun" });

describe("a snapshot", () => {
  it.each([
    ["damaged", Buffer.from([0x1f, 0x8b, 1, 2, 3])],
    ["of another version", Buffer.from(JSON.stringify({ version: 0, snapshot: {}, storedAt: Date.now() }))],
  ])("collects anew when the copy is %s (every task of the repository failed until it expired)", async (_what, copy) => {
    await test.redis.set(test.keys.snapshot("octocat/hello-world"), copy);
    await expect(replica().get(PAIR, never)).resolves.toMatchObject({ source: "collected" });
  });

  it("is collected once and fresh for everybody, however the name is written", async () => {
    await expect(replica().get(PAIR, never)).resolves.toMatchObject({ source: "collected", githubRequests: 5 });
    const other = { username: "OctoCat", repository: "Hello-World" };
    await expect(replica().get(other, never)).resolves.toEqual({
      snapshot: snapshot(),
      source: "fresh",
      githubRequests: 0,
    });
    expect(collections).toBe(1);
  });

  it("is revalidated when GitHub said only that nothing changed", async () => {
    collect = async () => ({ ...snapshot(), isRevalidated: true });
    await expect(replica().get(PAIR, never)).resolves.toMatchObject({ source: "revalidated" });
  });

  it("is collected anew each time when it is fresh for no time", async () => {
    const store = replica({ freshMs: 0 });
    await store.get(PAIR, never);
    await expect(store.get(PAIR, never)).resolves.toMatchObject({ source: "collected" });
    expect(collections).toBe(2);
    expect(await test.redis.pttl(test.keys.snapshot("octocat/hello-world"))).toBeGreaterThan(0);
  });
});

describe("many who ask at once", () => {
  it.each([60_000, 0])("cost one collection in a process (fresh for %i ms)", async (freshMs) => {
    const end = pending();
    const store = replica({ freshMs });
    const asked = Array.from({ length: 50 }, () => store.get(PAIR, never));
    await isCollecting();
    end(Promise.resolve(snapshot()));
    const served = await Promise.all(asked);
    expect(collections).toBe(1);
    expect(served.filter(({ source }) => source === "collected")).toHaveLength(1);
    expect(served.reduce((sum, { githubRequests }) => sum + githubRequests, 0)).toBe(5);
  });

  it.each([60_000, 0])("cost one collection of all replicas (fresh for %i ms)", async (freshMs) => {
    const end = pending();
    const replicas = [replica({ freshMs }), replica({ freshMs }), replica({ freshMs })];
    const asked = replicas.flatMap((store) => [store.get(PAIR, never), store.get(PAIR, never)]);
    await isCollecting();
    end(Promise.resolve(snapshot()));
    await Promise.all(asked);
    expect(collections).toBe(1);
  });

  it("all learn of an error, and the next one asks anew", async () => {
    const end = pending();
    const store = replica();
    const asked = [1, 2, 3].map(() => store.get(PAIR, never).catch((error: unknown) => error));
    await isCollecting();
    const error = new PermanentError("repository_not_found", "no such repository");
    end(Promise.reject(error));
    await expect(Promise.all(asked)).resolves.toEqual([error, error, error]);
    collect = async () => snapshot();
    await expect(store.get(PAIR, never)).resolves.toMatchObject({ source: "collected" });
  });

  it("say that it is stale to all of them when the one collection failed", async () => {
    const store = replica({ freshMs: 0 });
    await store.get(PAIR, never);
    const end = pending();
    const asked = [1, 2, 3].map(() => store.get(PAIR, never));
    await waitUntil(() => collections === 2, { what: "the second collection" });
    end(Promise.reject(new TemporaryError("github_unavailable", "502")));
    expect((await Promise.all(asked)).map(({ source }) => source)).toEqual(["stale", "stale", "stale"]);
  });
});

describe("while another replica is collecting", () => {
  const lock = () => test.keys.collecting("octocat/hello-world");

  it("a waiter gives up its slot", async () => {
    await test.redis.set(lock(), "living", "PX", 60_000);
    const waiting = replica().get(PAIR, never);
    await expect(waiting).rejects.toBeInstanceOf(RetryAfterError);
    await expect(waiting).rejects.toMatchObject({ reason: "collecting", delayMs: 1000 });
    expect(await test.redis.get(lock())).toBe("living");
  });

  it("a waiter that is told to stop stops", async () => {
    await test.redis.set(lock(), "living", "PX", 60_000);
    const controller = new AbortController();
    const waiting = replica().get(PAIR, controller.signal);
    const stopped = expect(waiting).rejects.toBe("shutdown");
    controller.abort("shutdown");
    await stopped;
  });

  it("and dies, its lock lapses and the next one collects", async () => {
    await test.redis.set(lock(), "dead", "PX", 300);
    await expect(replica().get(PAIR, never)).resolves.toMatchObject({ source: "collected" });
    expect(await test.redis.exists(lock())).toBe(0);
  });

  it("its lock is renewed for as long as it lives, and nobody else's is released", async () => {
    const held = await holdLock(test.redis, lock(), "one", 300);
    let renewals = 0;
    let last = 300;
    await waitUntil(
      async () => {
        const left = await test.redis.pttl(lock());
        if (left > last) renewals += 1;
        last = left;
        return renewals >= 4;
      },
      { what: "the lock is renewed", intervalMs: 10 },
    );
    await expect(holdLock(test.redis, lock(), "two", 300)).resolves.toBeUndefined();
    await test.redis.set(lock(), "two");
    await held?.release();
    expect(await test.redis.get(lock())).toBe("two");
  });

  it("the lock does not stay when the copy under it cannot be read", async () => {
    const key = test.keys.snapshot("octocat/hello-world");
    const redis = test.connect();
    const read = redis.getBuffer.bind(redis);
    let reads = 0;
    redis.getBuffer = (async (...args: Parameters<typeof read>) => {
      reads += 1;
      if (reads === 2) throw new Error("LOADING Redis is loading the dataset in memory");
      return read(...args);
    }) as typeof redis.getBuffer;
    await expect(replica({ redis }).get(PAIR, never)).rejects.toThrow("LOADING");
    expect(await test.redis.exists(lock(), key)).toBe(0);
  });
});

describe("a stale copy", () => {
  async function afterOne(error: Error, options: Partial<SnapshotStoreOptions> = {}) {
    const store = replica({ freshMs: 0, ...options });
    await store.get(PAIR, never);
    collect = () => Promise.reject(error);
    return store.get(PAIR, never);
  }

  it.each([
    new TemporaryError("github_unavailable", "502"),
    new RetryAfterError(60_000, "github_rate_limit"),
    new Error("a bug"),
  ])("is served when there is %s", async (error) => {
    await expect(afterOne(error)).resolves.toEqual({ snapshot: snapshot(), source: "stale", githubRequests: 0 });
  });

  it("is not served when the repository is gone", async () => {
    await expect(afterOne(new PermanentError("repository_not_found", "gone"))).rejects.toMatchObject({
      code: "repository_not_found",
    });
  });

  it("is not served beyond its age", async () => {
    const store = replica({ freshMs: 0, staleMs: 20 });
    await store.get(PAIR, never);
    collect = () => Promise.reject(new TemporaryError("github_unavailable", "502"));
    const isRefused = () =>
      store.get(PAIR, never).then(
        () => false,
        () => true,
      );
    await waitUntil(isRefused, { what: "the copy is too old" });
    await expect(store.get(PAIR, never)).rejects.toMatchObject({ code: "github_unavailable" });
  });

  it("is not served to a job that is told to stop", async () => {
    const store = replica({ freshMs: 0 });
    await store.get(PAIR, never);
    collect = () => Promise.reject(new Error("aborted"));
    await expect(store.get(PAIR, AbortSignal.abort("shutdown"))).rejects.toThrow("aborted");
  });
});
