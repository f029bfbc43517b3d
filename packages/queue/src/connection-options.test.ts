import { describe, expect, it } from "@jest/globals";
import { type ConnectionRole, type RedisSettings, toConnectionPlan } from "./connection-options.ts";

const SETTINGS: RedisSettings = {
  REDIS_URL: "redis://127.0.0.1:1",
  REDIS_SENTINELS: [],
  REDIS_SENTINEL_NAME: undefined,
  REDIS_CLUSTER_NODES: [],
};

const SECURED = { REDIS_URL: "rediss://us%40er:p%3Aa%2Fss@ignored" };
const SENTINELS = { REDIS_SENTINELS: ["sentinel-1", "[::1]:1"] };
const CLUSTER = { REDIS_CLUSTER_NODES: ["node-1:7000", "[::1]", "10.0.0.1"] };

function plan(more: Partial<RedisSettings>, role: ConnectionRole = "producer") {
  return toConnectionPlan(role, { ...SETTINGS, ...more });
}

describe("a connection", () => {
  it("reads user, password and database from the URL, percents decoded", () => {
    expect(plan({ REDIS_URL: "redis://us%40er:p%3Aa%2Fss@127.0.0.1:1/5" })).toMatchObject({
      kind: "single",
      options: { host: "127.0.0.1", port: 1, username: "us@er", password: "p:a/ss", db: 5 },
    });
  });

  it("takes a password without a user, Redis's own port, and TLS", () => {
    const { options } = plan({ REDIS_URL: "rediss://:secret@127.0.0.1" });
    expect(options).toMatchObject({ port: 6379, password: "secret", tls: {} });
    expect(options).not.toHaveProperty("username");
  });

  it("takes an IPv6 address (its brackets were looked up as a name, and Redis was never found)", () => {
    expect(plan({ REDIS_URL: "redis://[::1]:1" }).options).toMatchObject({ host: "::1", port: 1 });
  });

  it("of a producer fails at once and that of a consumer waits for ever, on every kind of Redis", () => {
    const atOnce = { maxRetriesPerRequest: 1 };
    for (const more of [{}, SENTINELS]) {
      expect(plan(more).options).toMatchObject({ enableOfflineQueue: false, ...atOnce });
      expect(plan(more, "consumer").options).toMatchObject({ enableOfflineQueue: true, maxRetriesPerRequest: null });
    }
    expect(plan(CLUSTER).options).toMatchObject({
      enableOfflineQueue: false,
      maxRedirections: 20,
      redisOptions: atOnce,
    });
    expect(plan(CLUSTER, "consumer").options).toMatchObject({
      enableOfflineQueue: true,
      maxRedirections: Number.POSITIVE_INFINITY,
      redisOptions: { maxRetriesPerRequest: null },
    });
  });

  it("leaves a server that says nothing, and none for which a worker only waits for jobs", () => {
    for (const more of [{}, SENTINELS, CLUSTER]) {
      const of = (role: ConnectionRole) => {
        const { options } = plan(more, role);
        return "redisOptions" in options ? options.redisOptions : options;
      };
      expect(of("producer").socketTimeout).toBe(2000);
      expect(of("consumer").socketTimeout).toBeGreaterThan(10_000);
      // With it, an ioredis that heard of a failover while it reconnected never connected again.
      expect(of("producer")).not.toHaveProperty("failoverDetector");
    }
  });

  it("sends again what a server refused that is no master any more, and nothing else", () => {
    for (const more of [{}, SENTINELS]) {
      const { options } = plan(more);
      if (!("reconnectOnError" in options)) throw new Error("it never connects anew");
      expect(options.reconnectOnError?.(new Error("READONLY You can't write against a read only replica."))).toBe(2);
      expect(options.reconnectOnError?.(new Error("OOM command not allowed"))).toBe(false);
    }
  });
});

describe("a connection by way of sentinels", () => {
  it("asks for the master by its name", () => {
    expect(plan(SENTINELS)).toMatchObject({
      kind: "sentinel",
      options: {
        sentinels: [
          { host: "sentinel-1", port: 26379 },
          { host: "::1", port: 1 },
        ],
        name: "mymaster",
      },
    });
    expect(plan({ ...SENTINELS, REDIS_SENTINEL_NAME: "other" }).options).toMatchObject({ name: "other" });
  });

  it("takes Redis's credentials and database from the URL, and the sentinels' password from its own setting", () => {
    const { options } = plan({
      ...SENTINELS,
      REDIS_URL: "redis://:secret@ignored/5",
      REDIS_SENTINEL_PASSWORD: "theirs",
    });
    expect(options).toMatchObject({ password: "secret", db: 5, sentinelPassword: "theirs" });
    expect(options).not.toHaveProperty("host");
    expect(plan({ ...SENTINELS, ...SECURED }).options).not.toHaveProperty("sentinelPassword");
  });

  it("speaks TLS with both when the URL says so (ioredis ignored it for the master, and sent the password in clear)", () => {
    expect(plan({ ...SENTINELS, ...SECURED }).options).toMatchObject({
      tls: {},
      enableTLSForSentinelMode: true,
      sentinelTLS: {},
    });
    expect(plan(SENTINELS).options).not.toHaveProperty("sentinelTLS");
  });
});

describe("a connection to a Cluster", () => {
  it("begins at the nodes it is told and leaves one that hangs", () => {
    expect(plan(CLUSTER)).toMatchObject({
      kind: "cluster",
      nodes: [
        { host: "node-1", port: 7000 },
        { host: "::1", port: 6379 },
        { host: "10.0.0.1", port: 6379 },
      ],
      options: { slotsRefreshInterval: 5000 },
    });
  });

  it("takes credentials and TLS from the URL and keeps the names that certificates are made out to", () => {
    const { options } = plan({ ...CLUSTER, ...SECURED });
    if (!("redisOptions" in options)) throw new Error("it is no Cluster");
    expect(options.redisOptions).toMatchObject({ username: "us@er", password: "p:a/ss", tls: {} });
    const done = (_error: unknown, address: string | undefined) => expect(address).toBe("node-1");
    options.dnsLookup?.("node-1", done);
    expect(plan(CLUSTER).options).not.toHaveProperty("dnsLookup");
  });
});

describe("settings that exclude each other", () => {
  it("are refused: sentinels beside a Cluster, and a database of a Cluster", () => {
    expect(() => plan({ ...SENTINELS, ...CLUSTER })).toThrow("REDIS_SENTINELS and REDIS_CLUSTER_NODES are both set");
    expect(() => plan({ ...CLUSTER, REDIS_URL: "redis://127.0.0.1/5" })).toThrow("has only number 0");
  });
});
