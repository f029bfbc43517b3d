import { queueNames } from "@hookline/contracts";
import type { Keys } from "@hookline/runtime";
import type { Queues } from "./queues.ts";
import { defineScript, runScript } from "./script.ts";

/** Entries looked at in one script: a millisecond of Redis's time. */
const BATCH = 500;
const MOST_BATCHES = 20;
/** Younger entries may be on their way in before their jobs are. */
const YOUNG_MS = 60_000;
const TIME_DIGITS = 12;

/**
 * KEYS: the index, the cursor. ARGV: where to stop, how many to look at, what the jobs' keys begin with, characters
 * before the id. Drops entries whose jobs are gone; answers how many it looked at. All replicas share the cursor.
 */
const SWEEP = defineScript(`
local after = redis.call("GET", KEYS[2])
local entries = redis.call("ZRANGEBYLEX", KEYS[1], after and "(" .. after or "-", ARGV[1], "LIMIT", 0, ARGV[2])
if #entries == 0 then
  redis.call("DEL", KEYS[2])
  return 0
end
local gone = {}
for _, entry in ipairs(entries) do
  if redis.call("EXISTS", ARGV[3] .. string.sub(entry, ARGV[4] + 1)) == 0 then gone[#gone + 1] = entry end
end
if #gone > 0 then redis.call("ZREM", KEYS[1], unpack(gone)) end
redis.call("SET", KEYS[2], entries[#entries], "PX", 86400000)
return #entries`);

/**
 * Drops tasks and deliveries from their indexes that retention has cleared away: a part of each index at every call.
 * Without it an index would grow for as long as nobody lists it.
 *
 * @throws the connection's error when Redis is away.
 */
export async function sweepIndexes(queues: Queues, keys: Keys): Promise<void> {
  const until = Math.max(0, Date.now() - YOUNG_MS)
    .toString(16)
    .padStart(TIME_DIGITS, "0");
  const plans = {
    tasks: { index: keys.taskIndex, last: `(t${until}`, skip: 0 },
    deliveries: { index: keys.deliveryIndex, last: `(${until}`, skip: TIME_DIGITS },
  };
  for (const name of queueNames) {
    const { queue, redis } = queues[name];
    const { index, last, skip } = plans[name];
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const names = [index, keys.sweepCursor(name)];
      const looked = await runScript(redis, SWEEP, names, last, BATCH, queue.toKey(""), skip);
      if (Number(looked) < BATCH) break;
    }
  }
}
