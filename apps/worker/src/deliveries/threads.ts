import type { DeliveryPayload } from "@hookline/contracts";
import {
  endTurn,
  findThreadRoot,
  promoteJobs,
  type Queues,
  type RedisConnection,
  saveThreadRoot,
  type ThreadRoot,
  takeTurn,
} from "@hookline/queue";
import { type Keys, RetryAfterError } from "@hookline/runtime";
import type { Place, Target } from "../targets/target.ts";

/** A delivery's turn in its thread. */
export interface Turn {
  readonly place: Place;
  /** What is known of the root already. */
  readonly root: ThreadRoot | undefined;
  /** Keeps what replies are posted to and what the root shows. */
  keepRoot(root: ThreadRoot): Promise<void>;
  /** Gives the turn back; when the delivery `isOver` (sent, or failed for good) the next one is woken. */
  end(isOver: boolean): Promise<void>;
}

export interface Threads {
  /** @throws RetryAfterError `thread_order` while an earlier message of the thread is not sent yet; no attempt is used. */
  take(target: Target, thread: DeliveryPayload["thread"], deliveryId: string): Promise<Turn>;
}

/** A turn outlives the longest two requests by so much; then its process is lost and the next one goes. */
const LEASE_MARGIN_MS = 20_000;

const alone: Turn = {
  place: { role: "alone" },
  root: undefined,
  keepRoot: async () => undefined,
  end: async () => undefined,
};

export interface ThreadsOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly queues: Pick<Queues, "deliveries">;
}

/** One message of a thread is sent at a time, in the order in which they were accepted, by whichever replica. */
export function createThreads({ redis, keys, queues }: ThreadsOptions): Threads {
  return {
    async take(target, thread, deliveryId) {
      if (thread === undefined || target.threading === "none") return alone;
      const { key: threadKey, day } = thread;
      const ref = { target: target.name, threadKey, deliveryId };
      const leaseMs = 2 * target.limits.timeoutMs + LEASE_MARGIN_MS;
      const waitMs = await takeTurn(queues.deliveries, keys, { ...ref, leaseMs });
      if (waitMs > 0) throw new RetryAfterError(waitMs, "thread_order");
      const root = await findThreadRoot(redis, keys, { ...ref, day });
      return {
        place: root === undefined ? { role: "root" } : { role: "reply", ref: root.ref },
        root,
        keepRoot: (kept) => saveThreadRoot(redis, keys, { ...ref, day, root: kept }),
        async end(isOver) {
          const next = await endTurn(redis, keys, { ...ref, isOver });
          if (next !== undefined) await promoteJobs(queues.deliveries, [next]);
        },
      };
    },
  };
}
