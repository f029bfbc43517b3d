import { taskCatalog } from "@hookline/contracts";
import { type Keys, sha256 } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";

/** Workers are of one version when they understand the same kinds and payloads. */
const OWN_VERSION = sha256(JSON.stringify(taskCatalog)).slice(0, 12);
/** Workers say every few seconds that they are there; Redis may be away for some. */
const HEARD_WITHIN_MS = 60_000;
const KEPT_MS = 86_400_000;
/** As long as a rolling update may take. */
const ROLLING_UPDATE_MS = 600_000;

/** Says that a worker of this version is there; to be repeated every few seconds. */
export async function announceVersion(redis: RedisConnection, keys: Keys): Promise<void> {
  const now = Date.now();
  await redis
    .pipeline()
    .zadd(keys.workerVersions, now, OWN_VERSION)
    .zremrangebyscore(keys.workerVersions, "-inf", `(${now - KEPT_MS}`)
    .pexpire(keys.workerVersions, KEPT_MS)
    .exec();
}

/**
 * How many ms a job that this version does not understand is to wait for one that does: ten minutes while workers of
 * another version are there, for then a rolling update is under way; else none.
 */
export async function findPatienceMs(redis: RedisConnection, keys: Keys): Promise<number> {
  const versions = await redis.zrangebyscore(keys.workerVersions, Date.now() - HEARD_WITHIN_MS, "+inf");
  return versions.some((version) => version !== OWN_VERSION) ? ROLLING_UPDATE_MS : 0;
}
