import type { InlineTarget } from "@hookline/contracts";
import { DAY_MS, type Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import { defineScript, runScript } from "./script.ts";
import { toTargetName } from "./target-name.ts";

/** Longer than a delivery may wait after its task was due. */
const KEPT_AFTER_MS = 70 * DAY_MS;

/** A task that runs sooner must not shorten the time for one that runs later. */
const KEEP = defineScript(`
if redis.call("PTTL", KEYS[1]) < tonumber(ARGV[2]) then redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2]) end
return 1`);

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
  const ttl = Math.ceil(delayMs) + KEPT_AFTER_MS;
  await runScript(redis, KEEP, [keys.inlineTarget(name)], JSON.stringify(target), ttl);
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
