import { createHash } from "node:crypto";
import type { RedisConnection } from "./connections.ts";

/** A Lua script and the hash by which a Redis that has seen it knows it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export function defineScript(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/**
 * Runs a script in one step. Its text is sent only to a Redis that does not know it (any more): hashing it anew each
 * time would cost Redis more than most scripts themselves.
 */
export async function runScript(
  redis: RedisConnection,
  script: Script,
  keys: readonly string[],
  ...texts: readonly (string | number | Buffer)[]
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha1, keys.length, ...keys, ...texts);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return redis.eval(script.text, keys.length, ...keys, ...texts);
  }
}
