import { parseUrl } from "./parse-url.ts";
import { custom, integer, oneOf, secret, splitList, text } from "./variables.ts";

/** How to reach Redis: read by both apps. */
export const redisVariables = {
  REDIS_URL: custom(
    { purpose: "Redis, as redis:// or rediss://", default: "redis://127.0.0.1:6379", isSecret: true },
    parseRedisUrl,
  ),
  REDIS_SENTINELS: custom({ purpose: "Redis Sentinel: host:port of each sentinel, comma-separated" }, parseAddresses),
  REDIS_SENTINEL_NAME: text({ purpose: "Redis Sentinel: name of the master", default: "mymaster" }),
  REDIS_SENTINEL_PASSWORD: secret({
    purpose: "Redis Sentinel: password of the sentinels themselves; that of Redis stands in REDIS_URL",
  }),
  REDIS_CLUSTER_NODES: custom({ purpose: "Redis Cluster: host:port of some nodes, comma-separated" }, parseAddresses),
  QUEUE_PREFIX: custom(
    {
      purpose: "prefix of every Redis key, with a {hash tag} so that Redis Cluster keeps them together",
      default: "{hookline}",
    },
    parsePrefix,
  ),
};

/** Where HTTP is served and who may ask: read by both apps. */
export const listenVariables = {
  HOST: text({ purpose: "address to listen on; empty: all addresses with API_KEYS set, else loopback only" }),
  API_KEYS: custom(
    {
      purpose:
        "keys that clients send as Authorization: Bearer, comma-separated; empty: open to everybody who can connect",
      isSecret: true,
    },
    parseApiKeys,
  ),
};

/** Without API keys only this machine may connect, unless HOST says otherwise; `undefined` stands for all addresses. */
export function toHost(settings: {
  readonly HOST: string | undefined;
  readonly API_KEYS: readonly string[];
}): string | undefined {
  return settings.HOST ?? (settings.API_KEYS.length > 0 ? undefined : "127.0.0.1");
}

/** What is logged, and for how long a shutdown may take: read by both apps. */
export const processVariables = {
  LOG_LEVEL: oneOf(["error", "warn", "info", "debug"], {
    purpose: "least important level that is logged",
    default: "info",
  }),
  LOG_FORMAT: oneOf(["json", "text"], { purpose: "json for machines, text for people", default: "json" }),
  SHUTDOWN_TIMEOUT: integer({
    purpose: "ms to finish running work after SIGTERM",
    default: 30_000,
    min: 0,
    max: 3_600_000,
  }),
};

/** A key that no client could send would only look like protection. */
function parseApiKeys(value: string): readonly string[] {
  const keys = splitList(value);
  const wrong = keys.findIndex((key) => !/^[\x21-\x7e]+$/.test(key));
  if (wrong >= 0) throw new Error(`key ${wrong + 1} must consist of visible ASCII characters, without blanks`);
  return keys;
}

function parseRedisUrl(value: string): string {
  if (!/^rediss?:$/.test(parseUrl(value)?.protocol ?? "")) {
    throw new Error("must be a redis:// or rediss:// URL");
  }
  return value;
}

/** `host`, `host:port`, `[::1]` or `[::1]:port`. */
function parseAddresses(value: string): readonly string[] {
  const addresses = splitList(value);
  const wrong = addresses.find((address) => !/^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(address));
  if (wrong !== undefined) throw new Error(`must be host:port, comma-separated, and "${wrong}" is not`);
  return addresses;
}

function parsePrefix(value: string): string {
  if (!/^[\w.-]*\{[\w.-]+\}[\w.-]*$/.test(value)) throw new Error("must contain a {hash tag}, such as {hookline}");
  return value;
}
