import { randomUUID } from "node:crypto";
import type { RedisConnection } from "@hookline/queue";
import { delay, errorMessage, type Keys, type Logger, PermanentError, RetryAfterError } from "@hookline/runtime";
import { LRUCache } from "lru-cache";
import { packJson, unpackJson } from "../packed-json.ts";
import { holdLock } from "./lock.ts";
import { SNAPSHOT_VERSION, type Snapshot, toSize } from "./snapshot.ts";

export interface Pair {
  readonly username: string;
  readonly repository: string;
}

/** How a snapshot was come by. */
export type SnapshotSource = "fresh" | "revalidated" | "collected" | "stale";

export interface ServedSnapshot {
  readonly snapshot: Snapshot;
  readonly source: SnapshotSource;
  /** Requests sent to GitHub for this call: none when another task's collection was used. */
  readonly githubRequests: number;
}

export interface SnapshotStore {
  /**
   * A snapshot of the repository: fresh from Redis, else collected now (once for all who ask at the same time, on
   * any replica), else a stale copy when GitHub is down or its limit is spent.
   *
   * @throws PermanentError when there is no such repository; RetryAfterError when GitHub's limit is spent or
   * another replica is still collecting; any other Error when GitHub cannot and there is no copy.
   */
  get(pair: Pair, signal: AbortSignal): Promise<ServedSnapshot>;
}

export interface SnapshotStoreOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly log: Logger;
  readonly freshMs: number;
  readonly staleMs: number;
  readonly collect: (pair: Pair, signal: AbortSignal) => Promise<Snapshot>;
  readonly onServed: (source: SnapshotSource) => void;
}

interface Stored {
  readonly snapshot: Snapshot;
  /** When the collection ended, ms. */
  readonly storedAt: number;
}

/** How long a job waits in its slot for another replica's collection before it gives the slot to another job. */
const PATIENCE_MS = 2000;
const POLL_MS = 40;
const COME_BACK_MS = 1000;

/** Issues and contributors of the snapshots kept in memory, at most. */
const LARGEST_SIZE = 20_000;

export function createSnapshotStore(options: SnapshotStoreOptions): SnapshotStore {
  const flights = new Map<string, Promise<ServedSnapshot>>();
  // While it is fresh, a snapshot need not be fetched, unpacked and parsed for every task.
  const recent = new LRUCache<string, Stored>({
    maxSize: LARGEST_SIZE,
    sizeCalculation: (kept) => toSize(kept.snapshot),
  });
  const find = async (name: string) => {
    const kept = recent.get(name);
    if (kept !== undefined && isFresh(options, kept)) return kept;
    const stored = await read(options, name);
    if (stored !== undefined) recent.set(name, stored);
    return stored;
  };
  return {
    async get(pair, signal) {
      const name = `${pair.username}/${pair.repository}`.toLowerCase();
      const stored = await find(name);
      if (stored !== undefined && isFresh(options, stored)) return serve(options, stored.snapshot, "fresh", 0);
      const flight = flights.get(name);
      if (flight !== undefined) {
        const { snapshot, source } = await flight;
        return serve(options, snapshot, source === "stale" ? "stale" : "fresh", 0);
      }
      const own = fetchOnce(options, name, pair, signal).finally(() => flights.delete(name));
      flights.set(name, own);
      const served = await own;
      return serve(options, served.snapshot, served.source, served.githubRequests);
    },
  };
}

/** Collects under a lock that all replicas share, or takes what the lock's holder collected meanwhile. */
async function fetchOnce(
  options: SnapshotStoreOptions,
  name: string,
  pair: Pair,
  signal: AbortSignal,
): Promise<ServedSnapshot> {
  const since = Date.now();
  while (Date.now() - since < PATIENCE_MS) {
    const lock = await holdLock(options.redis, options.keys.collecting(name), randomUUID());
    try {
      const stored = await read(options, name);
      const isNew = stored !== undefined && (isFresh(options, stored) || stored.storedAt > since);
      if (isNew) return { snapshot: stored.snapshot, source: "fresh", githubRequests: 0 };
      if (lock !== undefined) return await collect(options, name, pair, stored, signal);
    } finally {
      await lock?.release();
    }
    await delay(POLL_MS, signal);
    signal.throwIfAborted();
  }
  throw new RetryAfterError(COME_BACK_MS, "collecting", "another replica is collecting this repository");
}

async function collect(
  options: SnapshotStoreOptions,
  name: string,
  pair: Pair,
  copy: Stored | undefined,
  signal: AbortSignal,
): Promise<ServedSnapshot> {
  try {
    const snapshot = await options.collect(pair, signal);
    await write(options, name, snapshot);
    const source = snapshot.isRevalidated ? "revalidated" : "collected";
    return { snapshot, source, githubRequests: snapshot.githubRequests };
  } catch (error) {
    const isFinal = error instanceof PermanentError || signal.aborted;
    if (isFinal || copy === undefined || Date.now() - copy.storedAt > options.staleMs) throw error;
    options.log.warn("snapshot.stale", {
      repository: name,
      ageMs: Date.now() - copy.storedAt,
      error: errorMessage(error),
    });
    return { snapshot: copy.snapshot, source: "stale", githubRequests: 0 };
  }
}

function serve(
  options: SnapshotStoreOptions,
  snapshot: Snapshot,
  source: SnapshotSource,
  githubRequests: number,
): ServedSnapshot {
  options.onServed(source);
  return { snapshot, source, githubRequests };
}

function isFresh({ freshMs }: SnapshotStoreOptions, { storedAt }: Stored): boolean {
  return Date.now() - storedAt < freshMs;
}

async function read({ redis, keys }: SnapshotStoreOptions, name: string): Promise<Stored | undefined> {
  return unpackJson<Stored>(SNAPSHOT_VERSION, await redis.getBuffer(keys.snapshot(name)));
}

async function write(
  { redis, keys, freshMs, staleMs }: SnapshotStoreOptions,
  name: string,
  snapshot: Snapshot,
): Promise<void> {
  const stored: Stored = { snapshot, storedAt: Date.now() };
  await redis.set(
    keys.snapshot(name),
    await packJson(SNAPSHOT_VERSION, stored),
    "PX",
    Math.max(freshMs, staleMs, 1000),
  );
}
