import type { Attempt } from "@hookline/contracts";
import type { Keys } from "@hookline/runtime";
import type { RedisConnection } from "./connections.ts";
import { defineScript } from "./script.ts";
import { runTogether, type ScriptCall } from "./script-calls.ts";

/** Attempts are numbered as they are logged, so that tries which used no attempt up count too. */
export type LoggedAttempt = Omit<Attempt, "number">;

/** Attempts kept of a delivery, the newest. */
const KEPT_ATTEMPTS = 100;

/**
 * An entry is its number, a blank and its JSON. ARGV: the JSON, how many to keep, for how many ms. The very same attempt
 * comes again when a connection broke off before the answer.
 */
const APPEND = defineScript(`
local last = redis.call("LINDEX", KEYS[1], -1)
if last and string.match(last, "^%d+ (.*)$") == ARGV[1] then return 0 end
local number = last and tonumber(string.match(last, "^%d+")) + 1 or 1
redis.call("RPUSH", KEYS[1], number .. " " .. ARGV[1])
redis.call("LTRIM", KEYS[1], -ARGV[2], -1)
redis.call("PEXPIRE", KEYS[1], ARGV[3])
return number`);

export interface AttemptEntry {
  readonly deliveryId: string;
  readonly attempt: LoggedAttempt;
  readonly ttlMs: number;
}

/** What adds an attempt to a delivery's log and keeps the log for `ttlMs` more. */
export function toAttemptNote(keys: Keys, { deliveryId, attempt, ttlMs }: AttemptEntry): ScriptCall {
  const texts = [JSON.stringify(attempt), KEPT_ATTEMPTS, ttlMs];
  return { script: APPEND, keys: [keys.attempts(deliveryId)], texts };
}

/** Adds an attempt at once; see {@link toAttemptNote}. */
export async function appendAttempt(redis: RedisConnection, keys: Keys, entry: AttemptEntry): Promise<void> {
  await runTogether(redis, [toAttemptNote(keys, entry)]);
}

/** A delivery's attempts, the oldest first. */
export async function readAttempts(redis: RedisConnection, keys: Keys, deliveryId: string): Promise<Attempt[]> {
  const entries = await redis.lrange(keys.attempts(deliveryId), 0, -1);
  return entries.map(toAttempt);
}

/** The newest attempt of a delivery, if any is known. */
export async function lastAttempt(
  redis: RedisConnection,
  keys: Keys,
  deliveryId: string,
): Promise<Attempt | undefined> {
  const [entry] = await redis.lrange(keys.attempts(deliveryId), -1, -1);
  return entry === undefined ? undefined : toAttempt(entry);
}

function toAttempt(entry: string): Attempt {
  const blank = entry.indexOf(" ");
  return { number: Number(entry.slice(0, blank)), ...(JSON.parse(entry.slice(blank + 1)) as LoggedAttempt) };
}
