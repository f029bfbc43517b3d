import { defineScript } from "@hookline/queue";
/**
 * Notes a budget under KEYS[1]. Blocks are only ever lengthened, and within a window the smallest remaining holds, so
 * that answers may arrive in any order. Resets of one window differ by a second or two between GitHub's servers.
 *
 * ARGV: now, blockedUntil, limit, remaining, resetAt. Returns the block that holds, ms since the epoch.
 */
export const NOTE_BUDGET = defineScript(`
local old = redis.call("HMGET", KEYS[1], "blockedUntil", "remaining", "resetAt")
local now, blocked, limit, remaining, reset = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
blocked = math.max(blocked, tonumber(old[1] or 0))
redis.call("HSET", KEYS[1], "blockedUntil", string.format("%.0f", blocked))
local oldReset = tonumber(old[3] or 0)
local isRunning = oldReset > now
if not (isRunning and reset < oldReset - 2000) then
  if isRunning and reset <= oldReset + 2000 then remaining = math.min(remaining, tonumber(old[2] or remaining)) end
  redis.call("HSET", KEYS[1], "limit", limit, "remaining", remaining, "resetAt", string.format("%.0f", reset))
end
redis.call("PEXPIRE", KEYS[1], string.format("%.0f", math.min(math.max(blocked, reset, oldReset) - now, 86400000) + 3600000))
return string.format("%.0f", blocked)`);

/**
 * Notes a secondary limit under KEYS[1]. Without a wait given (-1) it is a minute, doubled for each hit in a row up to an
 * hour; requests that were under way when the block began are one hit together.
 *
 * ARGV: now, sentAt, waitMs. Returns the block that holds, ms since the epoch.
 */
export const NOTE_SECONDARY = defineScript(`
local old = redis.call("HMGET", KEYS[1], "blockedUntil", "strikes", "struckAt")
local now, sentAt, wait = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local blocked, strikes, struckAt = tonumber(old[1] or 0), tonumber(old[2] or 0), tonumber(old[3] or -1)
if wait < 0 then
  if sentAt > struckAt or strikes == 0 then
    strikes = strikes + 1
    struckAt = now
  end
  wait = math.min(60000 * 2 ^ (strikes - 1), 3600000)
  blocked = math.max(blocked, struckAt + wait)
else
  blocked = math.max(blocked, now + wait)
end
redis.call("HSET", KEYS[1], "blockedUntil", string.format("%.0f", blocked), "strikes", strikes, "struckAt", string.format("%.0f", struckAt))
redis.call("PEXPIRE", KEYS[1], string.format("%.0f", math.max(blocked - now, 0) + 3600000))
return string.format("%.0f", blocked)`);

/** Forgets the hits under KEYS[1] after a success of a request sent (ARGV[1]) once the block was over. */
export const FORGIVE = defineScript(`
if tonumber(redis.call("HGET", KEYS[1], "blockedUntil") or 0) <= tonumber(ARGV[1]) then return redis.call("DEL", KEYS[1]) end
return 0`);
