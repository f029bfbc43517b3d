import type { RedisConnection } from "@hookline/queue";
import { type Keys, PermanentError } from "@hookline/runtime";
import { pack, unpack } from "../packed-json.ts";

/**
 * Rendered messages, each stored once and posted to all its targets. They lie beside the jobs, not in them, so
 * that a job stays small; a delivery waits at most this long for its target.
 */
export interface BodyStore {
  /** Keeps a body unless there is one: a repeated task must not change what an earlier attempt sent. */
  save(bodyId: string, body: Buffer): Promise<void>;
  /** @throws PermanentError `message_lost` when the body has expired. */
  load(bodyId: string): Promise<Buffer>;
  /** Keeps a delivered body for as long as its delivery is shown. */
  keepFor(bodyId: string, ms: number): Promise<void>;
}

const LONGEST_WAIT_MS = 60 * 86_400_000;

export function createBodyStore(redis: RedisConnection, keys: Keys): BodyStore {
  return {
    async save(bodyId, body) {
      await redis.set(keys.messageBody(bodyId), await pack(body), "PX", LONGEST_WAIT_MS, "NX");
    },
    async load(bodyId) {
      const packed = await redis.getBuffer(keys.messageBody(bodyId));
      if (packed === null) throw new PermanentError("message_lost", "the message has expired");
      return unpack(packed);
    },
    async keepFor(bodyId, ms) {
      await redis.pexpire(keys.messageBody(bodyId), ms);
    },
  };
}
