import { defineScript, type RedisConnection, runScript } from "@hookline/queue";

export interface Lock {
  release(): Promise<void>;
}

/** A holder that died frees the lock after this time; a living one renews it well before. */
const HELD_MS = 15_000;
const RENEWALS_PER_HOLD = 3;

const RENEW = defineScript(
  `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("PEXPIRE", KEYS[1], ARGV[2]) end return 0`,
);
const RELEASE = defineScript(
  `if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0`,
);

/** Takes a lock shared by all replicas, or returns `undefined` when another holds it. Never waits. */
export async function holdLock(
  redis: RedisConnection,
  key: string,
  token: string,
  heldMs = HELD_MS,
): Promise<Lock | undefined> {
  const taken = await redis.set(key, token, "PX", heldMs, "NX");
  if (taken !== "OK") return undefined;
  const renewal = setInterval(() => {
    // A renewal that fails leaves the lock to lapse: another replica then collects too, which is only waste.
    runScript(redis, RENEW, [key], token, heldMs).catch(() => undefined);
  }, heldMs / RENEWALS_PER_HOLD);
  return {
    async release() {
      clearInterval(renewal);
      await runScript(redis, RELEASE, [key], token);
    },
  };
}
