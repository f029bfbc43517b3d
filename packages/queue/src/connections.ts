import type { Logger } from "@hookline/runtime";
import { Cluster, Redis } from "ioredis";
import { coalesceWrites } from "./coalesce-writes.ts";
import {
  type ConnectionRole,
  PRODUCER_TIMEOUT_MS,
  type RedisSettings,
  toConnectionPlan,
} from "./connection-options.ts";
import { limitCommands } from "./limit-commands.ts";

export type RedisConnection = Redis | Cluster;

/**
 * Opens a connection to one Redis, to a Sentinel's master or to a Cluster, as the settings say. It reconnects for ever.
 *
 * @throws ConfigurationError when settings exclude each other.
 */
export function connectRedis(role: ConnectionRole, settings: RedisSettings): RedisConnection {
  const plan = toConnectionPlan(role, settings);
  const connection = plan.kind === "cluster" ? new Cluster(plan.nodes, plan.options) : new Redis(plan.options);
  if (role === "producer") limitCommands(connection, PRODUCER_TIMEOUT_MS);
  coalesceWrites(connection);
  return connection;
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
  const noteError = (error: Error) => log.debug("redis.error", { use, error: error.message });
  connection.on("error", noteError);
  // Of one node of a Cluster, whose others go on.
  connection.on("node error", noteError);
}

/** Closes a connection without waiting for a Redis that is away. */
export async function closeRedis(connection: RedisConnection): Promise<void> {
  if (connection.status !== "ready") return connection.disconnect();
  await connection.quit().catch(() => connection.disconnect());
}

const AWAY_NAMES = new Set(["MaxRetriesPerRequestError", "AbortError", "ClusterAllFailedError", "ReplicationError"]);
const AWAY_MESSAGES =
  /^(Command timed out|Connection is closed|Stream isn't writeable|Socket timeout\b|connect |read |write |getaddrinfo |Cluster isn't ready|Cluster is |Too many Cluster redirections|None of startup nodes|All sentinels are unreachable|UNBLOCKED\b)/;
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
