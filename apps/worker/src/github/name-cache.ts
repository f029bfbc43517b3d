import type { RedisConnection } from "@hookline/queue";
import type { Keys } from "@hookline/runtime";

/** Display names by login; null for users without one. */
export type Names = ReadonlyMap<string, string | null>;

/** Display names that all replicas have asked for. */
export interface NameCache {
  /** The names known, also known to be null; the others are missing from the map. */
  find(logins: readonly string[]): Promise<Names>;
  save(names: Names, ttlMs: number): Promise<void>;
}

/** A name is stored with this before it, so that "no name" is told from a name. */
const NAME_MARK = "=";

export function createNameCache(redis: RedisConnection, keys: Keys): NameCache {
  return {
    async find(logins) {
      if (logins.length === 0) return new Map();
      const stored = await redis.mget(logins.map((login) => keys.displayName(login)));
      return new Map(
        logins.flatMap((login, index): [string, string | null][] => {
          const text = stored[index] ?? null;
          return text === null ? [] : [[login, text.startsWith(NAME_MARK) ? text.slice(NAME_MARK.length) : null]];
        }),
      );
    },
    async save(names, ttlMs) {
      if (names.size === 0) return;
      const pipeline = redis.pipeline();
      for (const [login, name] of names) {
        pipeline.set(keys.displayName(login), name === null ? "" : `${NAME_MARK}${name}`, "PX", Math.max(1, ttlMs));
      }
      // A name that could not be stored is asked for again.
      await pipeline.exec();
    },
  };
}
