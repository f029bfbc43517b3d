import type { Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import { SCORE_FACTOR } from "./job-record.ts";
import type { OpenQueue } from "./queues.ts";
import { defineScript, runScript } from "./script.ts";

export type Admission =
  | { readonly result: "admitted"; release(): Promise<void> }
  /** The same request waits already, under this id. */
  | { readonly result: "waits"; readonly id: string }
  | { readonly result: "refused"; readonly retryAfterMs: number };

/** An admission whose process died lapses after this many ms. */
const LAPSE_MS = 5000;
const SHORTEST_RETRY_MS = 1000;

/**
 * Counts what waits (delayed, waiting, paused) and what producers are just adding, and takes a place when there is
 * one: in one step, so that replicas of ingest cannot pass the limit together. A task whose job is there already
 * counts once, although its admission is not released yet; equal requests share one place. Captures, which are
 * prioritised jobs and no tasks of their own, do not count.
 */
const ADMIT = defineScript(`
local limit, now, lapse, job, id, request = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local known = redis.call("GET", KEYS[5])
if known then return { "waits", known } end
redis.call("ZREMRANGEBYSCORE", KEYS[4], "-inf", now)
local due = redis.call("LLEN", KEYS[2])
local waiting = due + redis.call("ZCARD", KEYS[1]) + redis.call("LLEN", KEYS[3])
for _, admission in ipairs(redis.call("ZRANGE", KEYS[4], 0, -1)) do
  local otherId, otherRequest = string.match(admission, "^(%S+) (%S+)$")
  if redis.call("EXISTS", job .. otherId) == 0 then
    if otherRequest == request then return { "admitted", "0" } end
    waiting = waiting + 1
  end
end
if waiting >= limit then
  local first = redis.call("ZRANGE", KEYS[1], 0, 0, "WITHSCORES")
  return { "refused", due == 0 and first[2] or "0" }
end
redis.call("ZADD", KEYS[4], lapse, id .. " " .. request)
return { "admitted", "0" }`);

/**
 * Asks for a place among at most `limit` waiting tasks. `release` is called once the task is added (or was not).
 *
 * @throws the connection's error when Redis is away.
 */
export async function admit(
  { redis, queue }: OpenQueue,
  keys: Keys,
  { limit, id, deduplicationId }: { limit: number; id: string; deduplicationId: string },
): Promise<Admission> {
  const sets = ["delayed", "wait", "paused"].map((state) => queue.toKey(state));
  const redisKeys = [...sets, keys.admissions, queue.toKey(`de:${deduplicationId}`)];
  const now = Date.now();
  const texts = [limit, now, now + LAPSE_MS, queue.toKey(""), id, deduplicationId];
  const reply = await runScript(redis, ADMIT, redisKeys, ...texts);
  const [result, text] = reply as ["admitted" | "waits" | "refused", string];
  switch (result) {
    case "admitted":
      return { result, release: () => release(redis, keys, `${id} ${deduplicationId}`) };
    case "waits":
      return { result, id: text };
    case "refused": {
      const nextDueAt = Math.floor(Number(text) / SCORE_FACTOR);
      return { result, retryAfterMs: Math.max(nextDueAt - now, SHORTEST_RETRY_MS) };
    }
  }
}

async function release(redis: RedisConnection, keys: Keys, admission: string): Promise<void> {
  await redis.zrem(keys.admissions, admission);
}
