import { fileURLToPath } from "node:url";
import {
  type RedisGroup,
  type RedisGroupOptions,
  startClusterRedis,
  startEmbeddedRedis,
  startSentinelRedis,
} from "@hookline/embedded-redis";
import { connectRedis, type RedisConnection } from "@hookline/queue";
import { readSettings, redisVariables } from "@hookline/runtime";

/** The variables that lead to a Redis. */
export type RedisEnvironment = Readonly<Record<string, string>>;

export const DIRECTORY = fileURLToPath(new URL("../../../.hookline", import.meta.url));

/** How each kind of several servers is started. */
export const redisGroups = { sentinel: startSentinelRedis, cluster: startClusterRedis } satisfies Record<
  RedisGroup["kind"],
  (options: RedisGroupOptions) => Promise<RedisGroup>
>;

/** The Redis that all tests share: the group which `npm run test:redis` has started, else one server. */
export function testRedis(): RedisEnvironment {
  const group = toKind(process.env.TEST_REDIS_KIND) === undefined ? [] : Object.keys(redisVariables);
  const given = group.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return { REDIS_URL: process.env.TEST_REDIS_URL ?? "", ...Object.fromEntries(given) };
}

/** A Redis for one test alone, of the kind that all tests share. */
export async function startOwnRedis(): Promise<{ env: RedisEnvironment; stop(): Promise<void> }> {
  const kind = toKind(process.env.TEST_REDIS_KIND);
  if (kind !== undefined) return redisGroups[kind]({ directory: DIRECTORY });
  const { url, stop } = await startEmbeddedRedis({ directory: DIRECTORY, persistent: false });
  return { env: { REDIS_URL: url }, stop };
}

function toKind(text: string | undefined): RedisGroup["kind"] | undefined {
  return text === "sentinel" || text === "cluster" ? text : undefined;
}

/** Connects as the apps do. */
export function connectTo(env: RedisEnvironment): RedisConnection {
  return connectRedis("consumer", readSettings(redisVariables, env));
}
