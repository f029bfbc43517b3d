import { createHash } from "node:crypto";
import type { RedisConnection } from "./connections.ts";

/** A Lua script and the hash by which a Redis that has seen it knows it. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export function defineScript(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/**
 * Runs a script in one step. Its text is sent only to a Redis that does not know it (any more): hashing it anew each
 * time would cost Redis more than most scripts themselves.
 */
export async function runScript(
  redis: RedisConnection,
  script: Script,
  keys: readonly string[],
  ...texts: readonly (string | number | Buffer)[]
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha1, keys.length, ...keys, ...texts);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return redis.eval(script.text, keys.length, ...keys, ...texts);
  }
}

/** A script with what it is to be run on. */
export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly texts: readonly (string | number | Buffer)[];
}

const joined = new Map<string, Script>();

/**
 * Runs several scripts as one step, in their order, and returns what each answers: a call costs more than what most
 * scripts do. In a full Redis one whose first write needs no room opens the door to those behind it.
 */
export async function runTogether(redis: RedisConnection, calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
  const counts = calls.flatMap(({ keys, texts }) => [keys.length, texts.length]);
  const texts = calls.flatMap((call) => call.texts);
  const reply = await runScript(
    redis,
    join(calls.map(({ script }) => script)),
    calls.flatMap(({ keys }) => keys),
    ...counts,
    ...texts,
  );
  return reply as unknown[];
}

/** One script of several: each becomes a function with keys and arguments of its own. */
function join(scripts: readonly Script[]): Script {
  const name = scripts.map(({ sha1 }) => sha1).join();
  const known = joined.get(name);
  if (known !== undefined) return known;
  const parts = scripts.map(({ text }, index) => `run(${index + 1}, function(KEYS, ARGV) ${text}\nend)`);
  const script = defineScript(
    `${RUN_PART.replace("<counts>", String(2 * scripts.length))}\n${parts.join("\n")}\nreturn answers`,
  );
  joined.set(name, script);
  return script;
}

/** ARGV begins with how many keys and arguments each part has. */
const RUN_PART = `
local answers, keysUsed, textsUsed = {}, 0, <counts>
local function run(index, part)
  local keys, texts = ARGV[2 * index - 1], ARGV[2 * index]
  local answer = part({ unpack(KEYS, keysUsed + 1, keysUsed + keys) }, { unpack(ARGV, textsUsed + 1, textsUsed + texts) })
  keysUsed, textsUsed = keysUsed + keys, textsUsed + texts
  answers[index] = answer or false
end`;
