import type { InlineTarget } from "@hookline/contracts";
import { DAY_MS, type Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import { toTargetName } from "./target-name.ts";

/** Longer than a delivery may wait after its task was due. */
const KEPT_AFTER_MS = 70 * DAY_MS;

/**
 * Keeps a target that a request supplied and returns the name that jobs know it by: its URL may be a secret, and jobs
 * are shown. `delayMs` is how long its task waits.
 */
export async function saveInlineTarget(
  redis: RedisConnection,
  keys: Keys,
  { target, delayMs }: { target: InlineTarget; delayMs: number },
): Promise<string> {
  const name = toTargetName(target);
  const key = keys.inlineTarget(name);
  const ttl = Math.ceil(delayMs) + KEPT_AFTER_MS;
  const replies = await redis.multi().set(key, JSON.stringify(target), "PX", ttl, "NX").pexpire(key, ttl, "GT").exec();
  for (const [error] of replies ?? []) if (error) throw error;
  return name;
}

/** Finds a target by its name. */
export async function findInlineTarget(
  redis: RedisConnection,
  keys: Keys,
  name: string,
): Promise<InlineTarget | undefined> {
  const text = await redis.get(keys.inlineTarget(name));
  return text === null ? undefined : (JSON.parse(text) as InlineTarget);
}
