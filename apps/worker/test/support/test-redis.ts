import { randomUUID } from "node:crypto";
import { closeRedis, connectRedis, type RedisConnection } from "@hookline/queue";
import { createKeys } from "@hookline/runtime";

export interface TestRedis {
  readonly url: string;
  readonly prefix: string;
  readonly keys: ReturnType<typeof createKeys>;
  readonly redis: RedisConnection;
  /** One more connection, closed at the end. */
  connect(): RedisConnection;
  /** Every key under the prefix, without the prefix. */
  allKeys(): Promise<string[]>;
  stop(): Promise<void>;
}

/** The Redis of the tests, with a prefix of one's own that is emptied at the end. */
export function openTestRedis(url = process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379"): TestRedis {
  const prefix = `{test-${randomUUID()}}`;
  const connections: RedisConnection[] = [];
  const settings = { REDIS_URL: url, REDIS_SENTINELS: [], REDIS_SENTINEL_NAME: undefined, REDIS_CLUSTER_NODES: [] };
  const connect = () => {
    const connection = connectRedis("consumer", settings);
    connection.on("error", () => undefined);
    connections.push(connection);
    return connection;
  };
  const redis = connect();
  const allKeys = async () => (await redis.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1));
  return {
    url,
    prefix,
    keys: createKeys(prefix),
    redis,
    connect,
    allKeys,
    async stop() {
      const left = redis.status === "ready" ? await allKeys() : [];
      if (left.length > 0) await redis.del(left.map((key) => `${prefix}:${key}`));
      await Promise.all(connections.map(closeRedis));
    },
  };
}
