import { DAY_MS } from "@hookline/runtime";
import { defineScript } from "./script.ts";

/** Longer than the longest pause: whoever waits comes back in that time. */
const LINE_KEPT_MS = 2 * DAY_MS;
/** A pace or a request under way means nothing a day later. */
const PASSING_KEPT_MS = DAY_MS;
const LEARNT_KEPT_MS = 7 * DAY_MS;
/** Whoever should have come back so long ago was cancelled, or lost: nobody waits behind it. */
const FORGOTTEN_MS = 20_000;

/**
 * The scripts of a lane. Each is one step for all replicas, on Redis's own clock, so that replicas whose clocks differ
 * agree. KEYS of all: the lane, who waits (in order), when they come back, who is under way, who is parked.
 */
const PRELUDE = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lane, line, expected, underWay, parked = unpack(KEYS)
local function putInLine(delivery, at)
  redis.call("ZADD", line, 0, delivery)
  redis.call("ZADD", expected, at, delivery)
  redis.call("PEXPIRE", line, ${LINE_KEPT_MS})
  redis.call("PEXPIRE", expected, ${LINE_KEPT_MS})
end
local function leaveLine(delivery)
  redis.call("ZREM", line, delivery)
  redis.call("ZREM", expected, delivery)
end
local function setNextAt(at)
  redis.call("HSET", lane, "nextAt", at)
  if redis.call("PTTL", lane) < 0 and redis.call("HEXISTS", lane, "disabledAt") == 0 then
    redis.call("PEXPIRE", lane, ${PASSING_KEPT_MS})
  end
end`;

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
export const ENTER = defineScript(`${PRELUDE}
local id, interval, most, lease, disabledKept = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local disabledAt, pausedUntil, openUntil, nextAt, window =
  unpack(redis.call("HMGET", lane, "disabledAt", "pausedUntil", "openUntil", "nextAt", "window"))
redis.call("ZREM", underWay, id)
if disabledAt then
  redis.call("ZADD", parked, 0, id)
  leaveLine(id)
  if disabledKept > 0 then
    redis.call("PEXPIRE", lane, disabledKept)
    redis.call("PEXPIRE", parked, disabledKept)
  end
  return { "target_disabled", 0 }
end
redis.call("ZREMRANGEBYSCORE", underWay, "-inf", now)
for _, lost in ipairs(redis.call("ZRANGE", expected, "-inf", now - ${FORGOTTEN_MS}, "BYSCORE", "LIMIT", 0, 100)) do
  leaveLine(lost)
end
local ahead = redis.call("ZLEXCOUNT", line, "-", "(" .. id)
local function wait(reason, ms)
  putInLine(id, now + ms)
  return { reason, ms }
end
local spacing = math.max(interval, 25)
pausedUntil, openUntil, nextAt = tonumber(pausedUntil or 0), tonumber(openUntil or 0), tonumber(nextAt or 0)
if pausedUntil > now then return wait("target_retry_after", pausedUntil - now + ahead * spacing) end
if openUntil > now then return wait("target_breaker_open", openUntil - now + ahead * spacing) end
if interval > 0 and (nextAt > now or ahead > 0) then
  return wait("target_pace", math.max(nextAt - now, 10) + ahead * interval)
end
window = math.min(math.max(tonumber(window or 1), 1), most)
if redis.call("ZCARD", underWay) >= window or (window == 1 and ahead > 0) then
  return wait("target_busy", math.min(math.floor(250 * (ahead + 1) ^ (2 / 3)), 60000))
end
if interval > 0 then setNextAt(now + interval) end
leaveLine(id)
redis.call("ZADD", underWay, now + lease, id)
redis.call("PEXPIRE", underWay, ${PASSING_KEPT_MS})
return { "go", 0 }`);

/**
 * ARGV: delivery (none: something else was learnt), how it went, ms (of the pause asked for, or that the attempt took),
 * ms between requests, requests at once, then the breaker's: failures, ms of failing, ms open at first, ms open at most,
 * ms of failing that disable; the reason to disable, and ms that a disabled lane is kept (0: until it is enabled); ms until
 * a request under way is given up, and the heirs: deliveries of the same replica that would go at once.
 *
 * Answers what became of the lane ("", "paused", "opened", "closed", "disabled"), for how many ms, how many requests it
 * lets be under way at once, how many of the heirs go, and who of those in line is next.
 *
 * How many requests may be under way at once is learnt: one at first and after trouble, one more for each success. So a
 * target that says "later" or hangs holds one request, not hundreds, and what piled up arrives in order. One that takes
 * a second and more has fewer and fewer, down to ten: it must not hold all that a replica can do at once.
 */
export const LEAVE = defineScript(`${PRELUDE}
local id, result, ms, interval, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local failuresToOpen, failingToOpen, firstOpenMs = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local longestOpenMs, disableAfter, reason, disabledKept = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11], tonumber(ARGV[12])
redis.call("ZREM", underWay, id)
local event, eventMs = "", 0
local disabledAt, pausedUntil, wasOpen, window, failures, failingSince, openMs, failedAt = unpack(redis.call("HMGET", lane,
  "disabledAt", "pausedUntil", "openUntil", "window", "failures", "failingSince", "openMs", "failedAt"))
window = tonumber(window or 1)
pausedUntil = tonumber(pausedUntil or 0)
local openUntil = tonumber(wasOpen or 0)
local function disable()
  if disabledAt then return end
  redis.call("HSET", lane, "disabledAt", now, "disabledReason", reason)
  disabledAt, event = now, "disabled"
end
if result == "delivered" then
  local isSlow = ms >= 1000
  window = math.min(isSlow and math.max(window - 1, math.min(window + 1, 10)) or window + 1, most)
  redis.call("HSET", lane, "window", window)
  if failingSince then
    redis.call("HDEL", lane, "failures", "failingSince", "failedAt", "openUntil", "openMs")
    if wasOpen then event = "closed" end
    openUntil = 0
  end
elseif result == "retry_later" then
  pausedUntil = math.max(pausedUntil, now + ms)
  window, event, eventMs = 1, "paused", ms
  redis.call("HSET", lane, "window", 1, "pausedUntil", pausedUntil, "pauseReason", "target_retry_after")
  if id ~= "" then putInLine(id, pausedUntil) end
elseif result == "failed" then
  local goesOn = failingSince and now - tonumber(failedAt or now) <= math.max(disableAfter / 2, 60000)
  local since = goesOn and tonumber(failingSince) or now - ms
  local count = (goesOn and tonumber(failures or 0) or 0) + 1
  window = 1
  redis.call("HSET", lane, "window", 1, "failures", count, "failingSince", since, "failedAt", now)
  if count > 1 and now - since >= disableAfter then
    disable()
  elseif count >= failuresToOpen and now - since >= failingToOpen and openUntil <= now then
    eventMs = math.min(tonumber(openMs or firstOpenMs / 2) * 2, longestOpenMs)
    openUntil, event = now + eventMs, "opened"
    redis.call("HSET", lane, "openMs", eventMs, "openUntil", openUntil)
  end
elseif result == "gone" then
  disable()
end
if not disabledAt then
  redis.call("PEXPIRE", lane, math.max(${LEARNT_KEPT_MS}, 2 * disableAfter))
elseif disabledKept > 0 then
  redis.call("PEXPIRE", lane, disabledKept)
else
  redis.call("PERSIST", lane)
end
window = math.min(math.max(window, 1), most)
local answer = { event, eventMs, window, 0 }
if disabledAt or pausedUntil > now or openUntil > now or interval > 0 then return answer end
local room = window - redis.call("ZCARD", underWay)
for i = 14, #ARGV do
  local heir = ARGV[i]
  if room <= 0 or (window == 1 and redis.call("ZLEXCOUNT", line, "-", "(" .. heir) > 0) then break end
  leaveLine(heir)
  redis.call("ZADD", underWay, now + tonumber(ARGV[13]), heir)
  room, answer[4] = room - 1, answer[4] + 1
end
if room > 0 then
  for _, next in ipairs(redis.call("ZRANGE", line, 0, room - 1)) do
    answer[#answer + 1] = next
    if window > 1 then leaveLine(next) end
  end
end
return answer`);

/**
 * Forgets all that is held against a target. ARGV: how many of those parked are put in line. Answers everybody that
 * waits for the lane, the oldest first. Until those have gone one request is under way at a time: in order.
 */
export const ENABLE = defineScript(`${PRELUDE}
local most, soon = tonumber(ARGV[1]), now + 5000
local wereParked, waiting = redis.call("ZRANGE", parked, 0, -1), redis.call("ZRANGE", line, 0, -1)
redis.call("DEL", lane, parked)
local inLine = math.min(#wereParked, most)
for i = 1, inLine do putInLine(wereParked[i], soon) end
for i = 1, math.min(#waiting, most) do putInLine(waiting[i], soon) end
if inLine > 0 then
  redis.call("HSET", lane, "window", 1 - inLine)
  redis.call("PEXPIRE", lane, ${LINE_KEPT_MS})
end
return { wereParked, waiting }`);

/** ARGV: ms between requests. One request more was made than was asked for: the next one waits for it too. */
export const SPEND = defineScript(`${PRELUDE}
setNextAt(math.max(tonumber(redis.call("HGET", lane, "nextAt") or 0), now) + tonumber(ARGV[1]))
return 1`);
