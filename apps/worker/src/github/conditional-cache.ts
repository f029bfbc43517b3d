import type { RedisConnection } from "@hookline/queue";
import { DAY_MS, type Keys } from "@hookline/runtime";
import { packJson, unpackJson } from "../packed-json.ts";

/** What is kept of an answer: enough to ask whether it still holds, and to use it when it does. */
export interface CachedAnswer<T> {
  readonly etag: string;
  /** The mapped value, not GitHub's JSON. */
  readonly value: T;
  /** A 304 carries no `Link`, so the next page's address is kept too. */
  readonly next: string | null;
}

export interface ConditionalCache {
  find<T>(url: URL): Promise<CachedAnswer<T> | undefined>;
  save<T>(url: URL, answer: CachedAnswer<T>): Promise<void>;
  /** Whether GitHub lately said that there is nothing at this address. */
  isAbsent(url: URL): Promise<boolean>;
  noteAbsent(url: URL, keptMs: number): Promise<void>;
}

export interface ConditionalCacheOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  /** ETags differ from credential to credential ("Best practices for using the REST API"). */
  readonly credential: string;
}

/** Raised whenever a mapper's result changes: older entries are then ignored. */
const SCHEMA_VERSION = 1;
/** An address not asked for this long is forgotten, ms. */
const TTL_MS = 7 * DAY_MS;

/** Answers by address and credential, so that what has not changed is asked for with If-None-Match. */
export function createConditionalCache({ redis, keys, credential }: ConditionalCacheOptions): ConditionalCache {
  return {
    async find<T>(url: URL) {
      const packed = await redis.getexBuffer(keys.conditional(credential, url.href), "PX", TTL_MS);
      return unpackJson<CachedAnswer<T>>(SCHEMA_VERSION, packed);
    },
    async save<T>(url: URL, answer: CachedAnswer<T>) {
      const packed = await packJson(SCHEMA_VERSION, answer);
      await redis.set(keys.conditional(credential, url.href), packed, "PX", TTL_MS);
    },
    async isAbsent(url) {
      return (await redis.exists(keys.conditional(credential, `absent ${url.href}`))) === 1;
    },
    async noteAbsent(url, keptMs) {
      await redis.set(keys.conditional(credential, `absent ${url.href}`), "1", "PX", keptMs);
    },
  };
}
