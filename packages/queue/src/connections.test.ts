import { afterEach, describe, expect, it } from "@jest/globals";
import type { Redis } from "ioredis";
import { connectRedis, isRedisAway, type RedisConnection, type RedisSettings } from "./connections.ts";

const SETTINGS: RedisSettings = {
  REDIS_URL: "redis://127.0.0.1:1",
  REDIS_SENTINELS: [],
  REDIS_SENTINEL_NAME: undefined,
  REDIS_CLUSTER_NODES: [],
};

describe("a connection", () => {
  let connection: RedisConnection | undefined;
  afterEach(() => connection?.disconnect());
  const optionsOf = (more: Partial<RedisSettings>, role: "producer" | "consumer" = "producer") => {
    connection = connectRedis(role, { ...SETTINGS, ...more });
    connection.on("error", () => {});
    return (connection as Redis).options;
  };

  it("reads user, password and database from the URL, percents decoded", () => {
    expect(optionsOf({ REDIS_URL: "redis://us%40er:p%3Aa%2Fss@127.0.0.1:1/5" })).toMatchObject({
      host: "127.0.0.1",
      port: 1,
      username: "us@er",
      password: "p:a/ss",
      db: 5,
    });
  });

  it("takes a password without a user, Redis's own port, and TLS", () => {
    const options = optionsOf({ REDIS_URL: "rediss://:secret@127.0.0.1" });
    expect(options).toMatchObject({ port: 6379, password: "secret", tls: {} });
    expect(options.username ?? null).toBeNull();
  });

  it("takes an IPv6 address (its brackets were looked up as a name, and Redis was never found)", () => {
    expect(optionsOf({ REDIS_URL: "redis://[::1]:1" })).toMatchObject({ host: "::1", port: 1 });
  });

  it("of a producer fails at once and that of a consumer waits for ever", () => {
    expect(optionsOf({})).toMatchObject({ enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 900 });
    connection?.disconnect();
    expect(optionsOf({}, "consumer")).toMatchObject({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  });
});

describe("Redis is away", () => {
  it.each([
    "Command timed out",
    "Connection is closed.",
    "Stream isn't writeable and enableOfflineQueue options is false",
    "connect ECONNREFUSED 127.0.0.1:6379",
    "read ECONNRESET",
    "getaddrinfo ENOTFOUND redis",
    "Socket timeout. Expecting data, but didn't receive any in 3000ms.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "ERR Error running script (call to f_1): @user_script:7: -OOM command not allowed when used memory > 'maxmemory'.",
    "LOADING Redis is loading the dataset in memory",
    "READONLY You can't write against a read only replica.",
    "MISCONF Redis is configured to save RDB snapshots",
    "CLUSTERDOWN The cluster is down",
  ])("when it says: %s", (message) => {
    expect(isRedisAway(new Error(message))).toBe(true);
  });

  it.each([
    "WRONGTYPE Operation against a key",
    "ERR unknown command",
    "Cannot read properties of null",
    "Oomph",
  ])("not when it says: %s", (message) => {
    expect(isRedisAway(new Error(message))).toBe(false);
    expect(isRedisAway(message)).toBe(false);
  });
});
