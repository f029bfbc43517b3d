import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedRedis, findRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { Redis } from "ioredis";
import { REDIS_DIRECTORY } from "./scene.ts";

/** A Redis with an append-only file that is a test's own; `stop` removes its data. */
export async function startDurableRedis(): Promise<EmbeddedRedis> {
  const directory = await mkdtemp(join(tmpdir(), "hookline-faults-"));
  // What was unpacked for the other tests serves this one too.
  await findRedis({ directory: REDIS_DIRECTORY });
  await symlink(join(REDIS_DIRECTORY, "redis-package"), join(directory, "redis-package"));
  const redis = await startEmbeddedRedis({ directory });
  const stop = async () => {
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  };
  return { ...redis, stop };
}

/** A Redis that forgets everything when it ends. */
export function startForgetfulRedis(): Promise<EmbeddedRedis> {
  return startEmbeddedRedis({ directory: REDIS_DIRECTORY, persistent: false });
}

/** Runs commands on a connection of the test's own. */
export async function ask<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Sets a setting of a running server. */
export async function setConfig(url: string, name: string, value: string | number): Promise<void> {
  await ask(url, (redis) => redis.call("CONFIG", "SET", name, String(value)));
}
