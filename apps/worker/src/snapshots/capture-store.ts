import { LONGEST_DELAY_MS } from "@hookline/contracts";
import type { RedisConnection } from "@hookline/queue";
import { DAY_MS, type Keys } from "@hookline/runtime";
import { packJson, unpackJson } from "../packed-json.ts";
import { SNAPSHOT_VERSION } from "./snapshot.ts";
import type { ServedSnapshot } from "./store.ts";

/** Snapshots taken when a task was asked for (`snapshotAt: "request"`), until the task runs. */
export interface CaptureStore {
  save(taskId: string, served: ServedSnapshot): Promise<void>;
  find(taskId: string): Promise<ServedSnapshot | undefined>;
  forget(taskId: string): Promise<void>;
}

/** The longest wait of a task and a week for its retries. */
const KEPT_MS = LONGEST_DELAY_MS + 7 * DAY_MS;

export function createCaptureStore(redis: RedisConnection, keys: Keys): CaptureStore {
  return {
    async save(taskId, served) {
      await redis.set(keys.capturedSnapshot(taskId), await packJson(SNAPSHOT_VERSION, served), "PX", KEPT_MS, "NX");
    },
    async find(taskId) {
      return unpackJson<ServedSnapshot>(SNAPSHOT_VERSION, await redis.getBuffer(keys.capturedSnapshot(taskId)));
    },
    async forget(taskId) {
      await redis.del(keys.capturedSnapshot(taskId));
    },
  };
}
