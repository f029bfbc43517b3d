import type { RedisConnection } from "./connections.ts";
import { defineScript, runScript, type Script } from "./script.ts";

/** A script with what it is to be run on. */
export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly texts: readonly (string | number | Buffer)[];
}

interface Group {
  readonly calls: readonly ScriptCall[];
  readonly resolve: (answers: readonly unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls in one step: some milliseconds of Redis's time. */
const MOST_AT_ONCE = 48;

const waiting = new WeakMap<RedisConnection, Group[]>();

/**
 * Runs scripts in their order and returns what each answers. All that is asked for in one round of the event loop goes
 * to Redis as one script: a call costs more there, and here, than most of these do. In a full Redis a script whose first
 * write needs no room opens the door to those behind it.
 *
 * @throws the error of the first call that failed; those before it were done.
 */
export function runTogether(redis: RedisConnection, calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const groups = waiting.get(redis) ?? [];
    if (groups.length === 0) setImmediate(() => void flush(redis, groups));
    groups.push({ calls, resolve, reject });
    waiting.set(redis, groups);
  });
}

async function flush(redis: RedisConnection, groups: readonly Group[]): Promise<void> {
  waiting.delete(redis);
  let batch: Group[] = [];
  for (const group of groups) {
    const size = batch.reduce((sum, { calls }) => sum + calls.length, 0);
    if (size > 0 && size + group.calls.length > MOST_AT_ONCE) {
      void send(redis, batch);
      batch = [];
    }
    batch.push(group);
  }
  await send(redis, batch);
}

async function send(redis: RedisConnection, groups: readonly Group[]): Promise<void> {
  try {
    const answers = await runAll(
      redis,
      groups.flatMap(({ calls }) => calls),
    );
    let from = 0;
    for (const { calls, resolve, reject } of groups) {
      const own = answers.slice(from, from + calls.length);
      from += calls.length;
      const failure = own.find((answer) => answer instanceof Error);
      if (failure === undefined) resolve(own);
      else reject(failure);
    }
  } catch (error) {
    for (const { reject } of groups) reject(error);
  }
}

async function runAll(redis: RedisConnection, calls: readonly ScriptCall[]): Promise<readonly unknown[]> {
  const scripts = [...new Set(calls.map(({ script }) => script))].sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1));
  const plan = calls.flatMap(({ script, keys, texts }) => [scripts.indexOf(script) + 1, keys.length, texts.length]);
  const keys = calls.flatMap((call) => call.keys);
  const texts = calls.flatMap((call) => call.texts);
  const reply = await runScript(redis, join(scripts), keys, calls.length, ...plan, ...texts);
  return reply as unknown[];
}

const joined = new Map<string, Script>();

/** One script that can run any of these: each becomes a function with keys and arguments of its own. */
function join(scripts: readonly Script[]): Script {
  const name = scripts.map(({ sha1 }) => sha1).join();
  const known = joined.get(name);
  if (known !== undefined) return known;
  const parts = scripts.map(({ text }) => `function(KEYS, ARGV) ${text}\nend`);
  const script = defineScript(`local parts = {\n${parts.join(",\n")}\n}${RUN_PARTS}`);
  joined.set(name, script);
  return script;
}

/** ARGV: how many calls, for each its script and how many keys and arguments it has, then all the arguments. */
const RUN_PARTS = `
local answers, keysUsed, textsUsed = {}, 0, 1 + 3 * ARGV[1]
for index = 1, tonumber(ARGV[1]) do
  local part, keys, texts = tonumber(ARGV[3 * index - 1]), tonumber(ARGV[3 * index]), tonumber(ARGV[3 * index + 1])
  local isDone, answer = pcall(parts[part],
    { unpack(KEYS, keysUsed + 1, keysUsed + keys) }, { unpack(ARGV, textsUsed + 1, textsUsed + texts) })
  keysUsed, textsUsed = keysUsed + keys, textsUsed + texts
  if isDone then answers[index] = answer or false
  else answers[index] = type(answer) == "table" and answer or { err = tostring(answer) } end
end
return answers`;
