import { ConfigurationError, toHostname } from "@hookline/runtime";
import type { ClusterNode, ClusterOptions, RedisOptions } from "ioredis";

export interface RedisSettings {
  readonly REDIS_URL: string;
  readonly REDIS_SENTINELS: readonly string[];
  readonly REDIS_SENTINEL_NAME: string | undefined;
  readonly REDIS_SENTINEL_PASSWORD?: string | undefined;
  readonly REDIS_CLUSTER_NODES: readonly string[];
}

/** Who asks decides what happens while Redis is away: a producer fails at once, a consumer waits for its return. */
export type ConnectionRole = "producer" | "consumer";

export type RedisKind = "single" | "sentinel" | "cluster";

/** Replies are mapped as ioredis does by default: what types a client's answers is left out. */
type NodeOptions = Omit<RedisOptions, "replyMapping">;
type PlannedCluster = Omit<ClusterOptions, "redisOptions"> & { readonly redisOptions: NodeOptions };

/** What ioredis is told. */
export type ConnectionPlan =
  | { readonly kind: "single" | "sentinel"; readonly options: NodeOptions }
  | { readonly kind: "cluster"; readonly nodes: ClusterNode[]; readonly options: PlannedCluster };

/** How long a producer's command may take, ms: an unanswered request is told 503 within a second. */
export const PRODUCER_TIMEOUT_MS = 900;
const LONGEST_RECONNECT_MS = 1000;
/** How long a process that is ending waits for a Redis to hang up that is away, ms. */
const DISCONNECT_TIMEOUT_MS = 500;
/** A sentinel that hangs is passed over after this time. */
const SENTINEL_TIMEOUT_MS = 2000;
/** A Cluster's node that hangs says nothing and closes nothing: only the others tell that its keys are elsewhere. */
const SLOTS_REFRESH_MS = 5000;
/** Between two looks for a key's new node while its old one is gone. */
const FAILOVER_RETRY_MS = 100;
const REDIS_PORT = 6379;
const SENTINEL_PORT = 26_379;

/**
 * A server that hangs, or is cut off, closes no connection. One that has had no answer for `socketTimeout` ms is
 * dropped, and the way to the master asked for anew. BullMQ's workers wait for jobs for ten seconds at a time.
 * (ioredis's failoverDetector must stay off: news that comes during a reconnect ends the connection for good.)
 */
const ROLE_OPTIONS = {
  producer: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    socketTimeout: 2000,
  },
  consumer: { enableOfflineQueue: true, maxRetriesPerRequest: null, socketTimeout: 12_000 },
} as const;

/**
 * Looks for a key's new node. A producer's end with its time-out, a little later at the most: half of them go to a node
 * that points back at once. A consumer's go on until there is one.
 */
const REDIRECTIONS = { producer: 20, consumer: Number.POSITIVE_INFINITY } as const;

const backOff = (times: number) => Math.min(times * 100, LONGEST_RECONNECT_MS);

export function toRedisKind(settings: RedisSettings): RedisKind {
  if (settings.REDIS_CLUSTER_NODES.length > 0) return "cluster";
  return settings.REDIS_SENTINELS.length > 0 ? "sentinel" : "single";
}

/**
 * Options for one Redis, a Sentinel's master or a Cluster. Credentials and TLS of the data nodes are those of
 * `REDIS_URL` in every case. Pure.
 *
 * @throws ConfigurationError when settings exclude each other.
 */
export function toConnectionPlan(role: ConnectionRole, settings: RedisSettings): ConnectionPlan {
  checkRedisSettings(settings);
  const url = new URL(settings.REDIS_URL);
  const kind = toRedisKind(settings);
  const { enableOfflineQueue, ...commands } = ROLE_OPTIONS[role];
  const redisOptions = {
    ...toCredentials(url),
    ...commands,
    connectTimeout: 5000,
    keepAlive: 10_000,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  };
  if (kind === "cluster") return toClusterPlan(role, settings, { redisOptions, enableOfflineQueue });
  const options = { ...redisOptions, enableOfflineQueue, retryStrategy: backOff, reconnectOnError };
  if (kind === "sentinel") return { kind, options: { ...options, ...toSentinelOptions(settings, isTls(url)) } };
  return { kind, options: { ...options, host: toHostname(url.hostname), port: Number(url.port || REDIS_PORT) } };
}

/** A master that became a replica keeps its connections: connect anew, and send again what it refused to do. */
function reconnectOnError(error: Error): false | 2 {
  return error.message.startsWith("READONLY") ? 2 : false;
}

function toSentinelOptions(settings: RedisSettings, hasTls: boolean): NodeOptions {
  const password = settings.REDIS_SENTINEL_PASSWORD;
  return {
    sentinels: settings.REDIS_SENTINELS.map((text) => toAddress(text, SENTINEL_PORT)),
    name: settings.REDIS_SENTINEL_NAME ?? "mymaster",
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(hasTls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
    sentinelRetryStrategy: backOff,
  };
}

function toClusterPlan(
  role: ConnectionRole,
  settings: RedisSettings,
  common: Pick<PlannedCluster, "redisOptions" | "enableOfflineQueue">,
): ConnectionPlan {
  const hasTls = isTls(new URL(settings.REDIS_URL));
  const options: PlannedCluster = {
    ...common,
    clusterRetryStrategy: backOff,
    maxRedirections: REDIRECTIONS[role],
    retryDelayOnFailover: FAILOVER_RETRY_MS,
    retryDelayOnClusterDown: FAILOVER_RETRY_MS,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // A certificate is made out to a name, which must not be lost to a look-up.
    ...(hasTls ? { dnsLookup: (address, done) => done(null, address) } : {}),
  };
  return { kind: "cluster", nodes: settings.REDIS_CLUSTER_NODES.map((text) => toAddress(text, REDIS_PORT)), options };
}

function checkRedisSettings(settings: RedisSettings): void {
  const problems: string[] = [];
  const isCluster = settings.REDIS_CLUSTER_NODES.length > 0;
  if (isCluster && settings.REDIS_SENTINELS.length > 0) {
    problems.push("REDIS_SENTINELS and REDIS_CLUSTER_NODES are both set: a Redis is watched by sentinels or a Cluster");
  }
  if (isCluster && toDatabase(new URL(settings.REDIS_URL)) > 0) {
    problems.push("REDIS_URL names a database, and a Redis Cluster (REDIS_CLUSTER_NODES) has only number 0");
  }
  if (problems.length > 0) throw new ConfigurationError("The settings are wrong", problems);
}

function toCredentials(url: URL): NodeOptions {
  const database = toDatabase(url);
  return {
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(database > 0 ? { db: database } : {}),
    ...(isTls(url) ? { tls: {} } : {}),
  };
}

function toDatabase(url: URL): number {
  return Number(url.pathname.slice(1) || 0);
}

function isTls(url: URL): boolean {
  return url.protocol === "rediss:";
}

/** `host`, `host:port`, `[::1]` or `[::1]:port`. */
function toAddress(text: string, defaultPort: number): { host: string; port: number } {
  const [end = "", port = defaultPort] = /:(\d{1,5})$/.exec(text) ?? [];
  return { host: toHostname(text.slice(0, text.length - end.length)), port: Number(port) };
}
