/**
 * The scripts of a lane. Each is one step for all replicas, on Redis's own clock, so that replicas whose clocks differ
 * agree. KEYS of all: the lane, who waits (in order), when they come back, who is under way, who is parked.
 */
const NOW = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * ARGV: delivery, ms between requests, requests at once, ms until a request under way is given up, ms that a disabled
 * lane is kept (0: until it is enabled).
 *
 * Answers "go", or why not and for how many ms. Ids sort by age: who asked in vain keeps its place among those
 * waiting. Where one request goes at a time, or at a pace, nobody passes those before it; where several do, whoever
 * asks takes the room there is, since those in line may stand behind thousands in BullMQ's queue. How long the others
 * wait grows with their place, so that however many wait, few ask again at the same time; whoever leaves the lane
 * wakes the next in line earlier.
 */
export const ENTER = `${NOW}
local id, interval, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local lane = redis.call("HMGET", KEYS[1], "disabledAt", "pausedUntil", "openUntil", "nextAt", "window")
redis.call("ZREM", KEYS[4], id)
if lane[1] then
  redis.call("ZADD", KEYS[5], 0, id)
  redis.call("ZREM", KEYS[2], id)
  redis.call("ZREM", KEYS[3], id)
  if tonumber(ARGV[5]) > 0 then
    redis.call("PEXPIRE", KEYS[1], ARGV[5])
    redis.call("PEXPIRE", KEYS[5], ARGV[5])
  end
  return { "target_disabled", 0 }
end
redis.call("ZREMRANGEBYSCORE", KEYS[4], "-inf", now)
for _, lost in ipairs(redis.call("ZRANGE", KEYS[3], "-inf", now - ${20_000}, "BYSCORE", "LIMIT", 0, 100)) do
  redis.call("ZREM", KEYS[2], lost)
  redis.call("ZREM", KEYS[3], lost)
end
local ahead = redis.call("ZLEXCOUNT", KEYS[2], "-", "(" .. id)
local function wait(reason, ms)
  redis.call("ZADD", KEYS[2], 0, id)
  redis.call("ZADD", KEYS[3], now + ms, id)
  redis.call("PEXPIRE", KEYS[2], ${2 * 86_400_000})
  redis.call("PEXPIRE", KEYS[3], ${2 * 86_400_000})
  return { reason, ms }
end
local spacing = math.max(interval, 25)
local pausedUntil, openUntil = tonumber(lane[2] or 0), tonumber(lane[3] or 0)
if pausedUntil > now then return wait("target_retry_after", pausedUntil - now + ahead * spacing) end
if openUntil > now then return wait("target_breaker_open", openUntil - now + ahead * spacing) end
local nextAt = tonumber(lane[4] or 0)
if interval > 0 and (nextAt > now or ahead > 0) then
  return wait("target_pace", math.max(nextAt - now, 10) + ahead * interval)
end
local window = math.min(math.max(tonumber(lane[5] or 1), 1), most)
local inFlight = redis.call("ZCARD", KEYS[4])
if inFlight >= window or (window == 1 and ahead > 0) then
  return wait("target_busy", math.min(math.floor(250 * (ahead + 1) ^ (2 / 3)), 60000))
end
if interval > 0 then
  redis.call("HSET", KEYS[1], "nextAt", now + interval)
  if redis.call("PTTL", KEYS[1]) < 0 then redis.call("PEXPIRE", KEYS[1], ${86_400_000}) end
end
redis.call("ZREM", KEYS[2], id)
redis.call("ZREM", KEYS[3], id)
redis.call("ZADD", KEYS[4], now + lease, id)
redis.call("PEXPIRE", KEYS[4], ${86_400_000})
return { "go", 0 }`;

/**
 * ARGV: delivery (none: something else was learnt), how it went, ms (of the pause asked for, or that the attempt took),
 * ms between requests, requests at once, then the breaker's: failures, ms of failing, ms open at first, ms open at most,
 * ms of failing that disable; the reason to disable, and ms that a disabled lane is kept (0: until it is enabled).
 *
 * Answers what became of the lane ("", "paused", "opened", "closed", "disabled"), for how many ms, and who is next.
 *
 * How many requests may be under way at once is learnt: one at first and after trouble, one more for each success. So a
 * target that says "later" or hangs holds one request, not hundreds, and what piled up arrives in order. One that takes
 * a second and more has fewer and fewer, down to ten: it must not hold all that a replica can do at once.
 */
export const LEAVE = `${NOW}
local id, result, ms, interval, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
redis.call("ZREM", KEYS[4], id)
local event, eventMs = "", 0
local lane = redis.call("HMGET", KEYS[1], "disabledAt", "pausedUntil", "openUntil", "window", "failures", "failingSince", "openMs", "failedAt")
local window = tonumber(lane[4] or 1)
local openUntil, pausedUntil = tonumber(lane[3] or 0), tonumber(lane[2] or 0)
local keep = math.max(${7 * 86_400_000}, 2 * tonumber(ARGV[10]))
local function disable(reason)
  if lane[1] then return end
  redis.call("HSET", KEYS[1], "disabledAt", now, "disabledReason", reason)
  lane[1], event = now, "disabled"
end
if result == "delivered" then
  window = math.min(ms >= 1000 and math.max(window - 1, math.min(window + 1, 10)) or window + 1, most)
  redis.call("HSET", KEYS[1], "window", window)
  if lane[6] then
    redis.call("HDEL", KEYS[1], "failures", "failingSince", "failedAt", "openUntil", "openMs")
    if lane[3] then event = "closed" end
    openUntil = 0
  end
elseif result == "retry_later" then
  pausedUntil = math.max(pausedUntil, now + ms)
  window, event, eventMs = 1, "paused", ms
  redis.call("HSET", KEYS[1], "window", 1, "pausedUntil", pausedUntil, "pauseReason", "target_retry_after")
  if id ~= "" then
    redis.call("ZADD", KEYS[2], 0, id)
    redis.call("ZADD", KEYS[3], pausedUntil, id)
    redis.call("PEXPIRE", KEYS[2], ${2 * 86_400_000})
    redis.call("PEXPIRE", KEYS[3], ${2 * 86_400_000})
  end
elseif result == "failed" then
  local isFresh = lane[6] and now - tonumber(lane[8] or now) <= math.max(tonumber(ARGV[10]) / 2, 60000)
  local since = isFresh and tonumber(lane[6]) or now - ms
  local failures = (isFresh and tonumber(lane[5] or 0) or 0) + 1
  window = 1
  redis.call("HSET", KEYS[1], "window", 1, "failures", failures, "failingSince", since, "failedAt", now)
  if failures > 1 and now - since >= tonumber(ARGV[10]) then
    disable(ARGV[11])
  elseif failures >= tonumber(ARGV[6]) and now - since >= tonumber(ARGV[7]) and openUntil <= now then
    local openMs = math.min(tonumber(lane[7] or ARGV[8] / 2) * 2, tonumber(ARGV[9]))
    openUntil, event, eventMs = now + openMs, "opened", openMs
    redis.call("HSET", KEYS[1], "openMs", openMs, "openUntil", openUntil)
  end
elseif result == "gone" then
  disable(ARGV[11])
end
if not lane[1] then
  redis.call("PEXPIRE", KEYS[1], keep)
elseif tonumber(ARGV[12]) > 0 then
  redis.call("PEXPIRE", KEYS[1], ARGV[12])
else
  redis.call("PERSIST", KEYS[1])
end
local answer = { event, eventMs }
if lane[1] or pausedUntil > now or openUntil > now or interval > 0 then return answer end
window = math.min(math.max(window, 1), most)
local room = window - redis.call("ZCARD", KEYS[4])
if room > 0 then
  for _, waiting in ipairs(redis.call("ZRANGE", KEYS[2], 0, room - 1)) do
    answer[#answer + 1] = waiting
    if window > 1 then
      redis.call("ZREM", KEYS[2], waiting)
      redis.call("ZREM", KEYS[3], waiting)
    end
  end
end
return answer`;

/**
 * Forgets all that is held against a target. ARGV: how many of those parked are put in line. Answers everybody that
 * waits for the lane, the oldest first. Until those have gone one request is under way at a time: in order.
 */
export const ENABLE = `${NOW}
local parked = redis.call("ZRANGE", KEYS[5], 0, -1)
local waiting = redis.call("ZRANGE", KEYS[2], 0, -1)
redis.call("DEL", KEYS[1], KEYS[5])
local inLine = math.min(#parked, tonumber(ARGV[1]))
for i = 1, inLine do
  redis.call("ZADD", KEYS[2], 0, parked[i])
  redis.call("ZADD", KEYS[3], now + 5000, parked[i])
end
for i = 1, math.min(#waiting, tonumber(ARGV[1])) do redis.call("ZADD", KEYS[3], now + 5000, waiting[i]) end
if inLine > 0 then
  redis.call("HSET", KEYS[1], "window", 1 - inLine)
  for _, key in ipairs(KEYS) do redis.call("PEXPIRE", key, ${2 * 86_400_000}) end
end
return { parked, waiting }`;

/** ARGV: ms between requests. One request more was made than was asked for: the next one waits for it too. */
export const SPEND = `${NOW}
local nextAt = math.max(tonumber(redis.call("HGET", KEYS[1], "nextAt") or 0), now) + tonumber(ARGV[1])
redis.call("HSET", KEYS[1], "nextAt", nextAt)
if redis.call("PTTL", KEYS[1]) < 0 and not redis.call("HGET", KEYS[1], "disabledAt") then
  redis.call("PEXPIRE", KEYS[1], ${86_400_000})
end
return 1`;
