import type { Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import type { OpenQueue } from "./queues.ts";
import { defineScript, runScript } from "./script.ts";

/** A thread of one target: messages of one key belong together, in the order of their ids. */
export interface ThreadRef {
  readonly target: string;
  readonly threadKey: string;
}

/** What the day's first message of a thread left for those that follow. */
export interface ThreadRoot {
  /** What replies are posted to. */
  readonly ref: string;
  /** The document that made the root, and what the root shows now. */
  readonly bodyId: string;
  readonly shown: string;
  /** The delivery whose message it shows. */
  readonly shownBy: string;
}

const KEPT_MS = 3 * 86_400_000;

/**
 * Who is first in line waits for its own retry at most this long before others pass: one message that a service
 * refuses must not hold up a day's talk.
 */
const PATIENCE_MS = 120_000;

/** Takes a place in a thread's order. Done when a delivery is accepted, so that one accepted later cannot pass it. */
export async function registerInThread(
  redis: RedisConnection,
  keys: Keys,
  { target, threadKey, deliveryId }: ThreadRef & { deliveryId: string },
): Promise<void> {
  const key = keys.threadOrder(target, threadKey);
  await redis.multi().zadd(key, 0, deliveryId).pexpire(key, KEPT_MS).exec();
}

/** Gives a place up: what had it is cancelled. */
export async function leaveThread(
  redis: RedisConnection,
  keys: Keys,
  { target, threadKey, deliveryId }: ThreadRef & { deliveryId: string },
): Promise<void> {
  await redis.zrem(keys.threadOrder(target, threadKey), deliveryId);
}

/**
 * KEYS: the order, the turn. ARGV: delivery, ms until a turn is given up, ms of patience, ms kept, what BullMQ's keys
 * of deliveries begin with. Answers ms to wait; 0: go.
 *
 * Whoever is first and has ended already (a task that ran again took its place anew) is passed at once. One that is not
 * there yet, or waits for its own retry, is waited for; those behind it that are not there either have had that time.
 */
const TAKE = defineScript(`
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id = ARGV[1]
redis.call("ZADD", KEYS[1], 0, id)
redis.call("PEXPIRE", KEYS[1], ARGV[4])
local turn = redis.call("HMGET", KEYS[2], "holder", "until", "first", "since")
local function wait() return math.min(250 * (redis.call("ZRANK", KEYS[1], id) + 1), 60000) end
if turn[1] and turn[1] ~= id and tonumber(turn[2]) > now then return wait() end
local function first() return redis.call("ZRANGE", KEYS[1], 0, 0)[1] end
local function isMissing(other) return redis.call("EXISTS", ARGV[5] .. other) == 0 end
local function hasEnded(other) return redis.call("HEXISTS", ARGV[5] .. other, "finishedOn") == 1 end
while first() ~= id do
  local other = first()
  if hasEnded(other) then
    redis.call("ZREM", KEYS[1], other)
  elseif turn[3] ~= other then
    redis.call("HSET", KEYS[2], "first", other, "since", now)
    redis.call("PEXPIRE", KEYS[2], ARGV[4])
    return wait()
  elseif now - tonumber(turn[4]) < tonumber(ARGV[3]) then
    return wait()
  else
    redis.call("ZREM", KEYS[1], other)
    while first() ~= id and isMissing(first()) do redis.call("ZREM", KEYS[1], first()) end
  end
end
redis.call("HSET", KEYS[2], "holder", id, "until", now + tonumber(ARGV[2]))
redis.call("PEXPIRE", KEYS[2], ARGV[4])
return 0`);

/** ARGV: delivery, whether it is over. Answers who is next. */
const END = defineScript(`
if redis.call("HGET", KEYS[2], "holder") == ARGV[1] then redis.call("HDEL", KEYS[2], "holder", "until") end
if ARGV[2] == "0" then return false end
redis.call("ZREM", KEYS[1], ARGV[1])
return redis.call("ZRANGE", KEYS[1], 0, 0)[1]`);

/** Asks for a delivery's turn in its thread: ms to wait, or 0 when it is the first in line and nobody else is under way. */
export async function takeTurn(
  { redis, queue }: OpenQueue,
  keys: Keys,
  { target, threadKey, deliveryId, leaseMs }: ThreadRef & { deliveryId: string; leaseMs: number },
): Promise<number> {
  const names = [keys.threadOrder(target, threadKey), keys.threadTurn(target, threadKey)];
  const texts = [deliveryId, leaseMs, PATIENCE_MS, KEPT_MS, queue.toKey("")];
  return Number(await runScript(redis, TAKE, names, ...texts));
}

/** Gives the turn back. A delivery that `isOver` leaves the thread; the one returned is next. */
export async function endTurn(
  redis: RedisConnection,
  keys: Keys,
  { target, threadKey, deliveryId, isOver }: ThreadRef & { deliveryId: string; isOver: boolean },
): Promise<string | undefined> {
  const names = [keys.threadOrder(target, threadKey), keys.threadTurn(target, threadKey)];
  const next = await runScript(redis, END, names, deliveryId, isOver ? "1" : "0");
  return typeof next === "string" ? next : undefined;
}

export async function findThreadRoot(
  redis: RedisConnection,
  keys: Keys,
  { target, threadKey, day }: ThreadRef & { day: string },
): Promise<ThreadRoot | undefined> {
  const key = keys.threadRoot(target, threadKey, day);
  const [ref, bodyId, shown, shownBy] = await redis.hmget(key, "ref", "bodyId", "shown", "shownBy");
  return ref == null ? undefined : { ref, bodyId: bodyId ?? "", shown: shown ?? "", shownBy: shownBy ?? "" };
}

export async function saveThreadRoot(
  redis: RedisConnection,
  keys: Keys,
  { target, threadKey, day, root }: ThreadRef & { day: string; root: ThreadRoot },
): Promise<void> {
  const key = keys.threadRoot(target, threadKey, day);
  await redis
    .multi()
    .hset(key, { ...root })
    .pexpire(key, KEPT_MS)
    .exec();
}
