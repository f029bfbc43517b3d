import { defineScript, LONGEST_WAIT_MS, type RedisConnection, runScript, type ScriptCall } from "@hookline/queue";
import { type Keys, PermanentError } from "@hookline/runtime";
import { LRUCache } from "lru-cache";
import { pack, unpack } from "../packed-json.ts";

/**
 * Rendered messages, each stored once and posted to all its targets. They lie beside the jobs, not in them, so
 * that a job stays small; a delivery waits at most this long for its target.
 */
export interface BodyStore {
  /** Keeps a body for these deliveries, unless there is one: a repeated task must not change what an earlier attempt sent. */
  save(bodyId: string, body: Buffer, deliveryIds: readonly string[]): Promise<void>;
  /** @throws PermanentError `message_lost` when the body has expired. */
  load(bodyId: string): Promise<Buffer>;
  /** What notes that one delivery is done with the body; when all are, it is kept for `ms` more, to be looked at and sent again. */
  toReleaseNote(bodyId: string, deliveryId: string, ms: number): ScriptCall;
}

/** Most bodies are sent a moment after they were saved, or to several targets: bytes kept in memory, and for how many ms. */
const IN_MEMORY = { maxSize: 4_194_304, ttl: 3000 };

const SAVE = defineScript(`
if not redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2], "NX") then return 0 end
if #ARGV > 3 then
  for i = 3, #ARGV do redis.call("SADD", KEYS[2], ARGV[i]) end
  redis.call("PEXPIRE", KEYS[2], ARGV[2])
end
return 1`);

const RELEASE = defineScript(`
redis.call("SREM", KEYS[2], ARGV[1])
if redis.call("SCARD", KEYS[2]) == 0 then redis.call("PEXPIRE", KEYS[1], ARGV[2]) end
return 1`);

export function createBodyStore(redis: RedisConnection, keys: Keys): BodyStore {
  const toKeys = (bodyId: string) => [keys.messageBody(bodyId), keys.messageUsers(bodyId)];
  const recent = new LRUCache<string, Buffer>({ ...IN_MEMORY, sizeCalculation: ({ length }) => length + 1 });
  return {
    async save(bodyId, body, deliveryIds) {
      const packed = await pack(body);
      const isFirst = await runScript(redis, SAVE, toKeys(bodyId), packed, LONGEST_WAIT_MS, ...deliveryIds);
      if (isFirst === 1) recent.set(bodyId, body);
    },
    async load(bodyId) {
      const known = recent.get(bodyId);
      if (known !== undefined) return known;
      const packed = await redis.getBuffer(keys.messageBody(bodyId));
      if (packed === null) throw new PermanentError("message_lost", "the message has expired");
      const body = await unpack(packed);
      recent.set(bodyId, body);
      return body;
    },
    toReleaseNote: (bodyId, deliveryId, ms) => ({ script: RELEASE, keys: toKeys(bodyId), texts: [deliveryId, ms] }),
  };
}
