import { type Logger, toHostname } from "@hookline/runtime";
import { Cluster, Redis } from "ioredis";

export type RedisConnection = Redis | Cluster;

export interface RedisSettings {
  readonly REDIS_URL: string;
  readonly REDIS_SENTINELS: readonly string[];
  readonly REDIS_SENTINEL_NAME: string | undefined;
  readonly REDIS_CLUSTER_NODES: readonly string[];
}

/** Who asks decides what happens while Redis is away: a producer fails at once, a consumer waits for its return. */
export type ConnectionRole = "producer" | "consumer";

/** How long a producer's command may take, ms: an unanswered request is told 503 within a second. */
const PRODUCER_TIMEOUT_MS = 900;
const LONGEST_RECONNECT_MS = 1000;
/**
 * How long a connection may owe every answer, ms, before it is replaced: one that a firewall has forgotten says nothing,
 * and the system would find out only after a quarter of an hour. A consumer's wait for jobs takes up to 10 s.
 */
const SILENCE_MS = { producer: 3000, consumer: 12_000 };

const ROLE_OPTIONS = {
  producer: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: PRODUCER_TIMEOUT_MS,
    socketTimeout: SILENCE_MS.producer,
  },
  consumer: { enableOfflineQueue: true, maxRetriesPerRequest: null, socketTimeout: SILENCE_MS.consumer },
} as const;

/** Opens a connection to one Redis, to a Sentinel's master or to a Cluster, as the settings say. It reconnects for ever. */
export function connectRedis(role: ConnectionRole, settings: RedisSettings): RedisConnection {
  const url = new URL(settings.REDIS_URL);
  const { enableOfflineQueue, ...commands } = ROLE_OPTIONS[role];
  const redisOptions = { ...credentials(url), ...commands, connectTimeout: 5000, keepAlive: 10_000 };
  const options = {
    ...redisOptions,
    enableOfflineQueue,
    retryStrategy: (times: number) => Math.min(times * 100, LONGEST_RECONNECT_MS),
  };
  if (settings.REDIS_CLUSTER_NODES.length > 0) {
    return new Cluster(settings.REDIS_CLUSTER_NODES.map(toAddress), { redisOptions, enableOfflineQueue });
  }
  if (settings.REDIS_SENTINELS.length > 0) {
    const name = settings.REDIS_SENTINEL_NAME ?? "mymaster";
    return new Redis({ ...options, sentinels: settings.REDIS_SENTINELS.map(toAddress), name });
  }
  return new Redis({ ...options, host: toHostname(url.hostname), port: Number(url.port || 6379) });
}

/** Says once when Redis comes and once when it goes, however often reconnecting fails in between. */
export function logConnection(connection: RedisConnection, use: string, log: Logger): void {
  let isReady: boolean | undefined;
  const note = (isReadyNow: boolean) => {
    if (isReady === isReadyNow) return;
    isReady = isReadyNow;
    if (isReadyNow) log.info("redis.ready", { use });
    else log.warn("redis.away", { use });
  };
  connection.on("ready", () => note(true));
  connection.on("close", () => note(false));
  connection.on("error", (error: Error) => log.debug("redis.error", { use, error: error.message }));
}

/** Closes a connection without waiting for a Redis that is away. */
export async function closeRedis(connection: RedisConnection): Promise<void> {
  if (connection.status !== "ready") return connection.disconnect();
  await connection.quit().catch(() => connection.disconnect());
}

function credentials(url: URL) {
  const database = Number(url.pathname.slice(1) || 0);
  return {
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(database > 0 ? { db: database } : {}),
    ...(url.protocol === "rediss:" ? { tls: {} } : {}),
  };
}

function toAddress(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(":");
  return at < 0 ? { host: text, port: 6379 } : { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
}

const AWAY_NAMES = new Set(["MaxRetriesPerRequestError", "AbortError", "ClusterAllFailedError"]);
const AWAY_MESSAGES =
  /^(Command timed out|Connection is closed|Stream isn't writeable|connect |read |write |getaddrinfo |Socket timeout\b)/;
/** Redis 6 wraps what a script was refused in an error of the script's. */
const REFUSALS =
  /^(ERR Error running script .* -)?(OOM|LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|MISCONF|BUSY|TRYAGAIN|NOREPLICAS)\b/;

/** Whether an error means that Redis cannot do its work now, rather than that we asked for something wrong. */
export function isRedisAway(error: unknown): boolean {
  return (
    isRedisRefusing(error) ||
    (error instanceof Error && (AWAY_NAMES.has(error.name) || AWAY_MESSAGES.test(error.message)))
  );
}

/** Whether Redis answers, but cannot do now what it will do again later: it is full, loading, or a replica. */
export function isRedisRefusing(error: unknown): boolean {
  return error instanceof Error && REFUSALS.test(error.message);
}

/** Whether Redis has reached its `maxmemory` and takes nothing more. */
export function isRedisFull(error: unknown): boolean {
  return isRedisRefusing(error) && error instanceof Error && /\bOOM\b/.test(error.message);
}
