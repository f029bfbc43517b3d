import type { QueueName } from "@hookline/contracts";
import type { Logger } from "@hookline/runtime";
import { Queue } from "bullmq";
import type { RedisConnection } from "./connections.ts";

/** A BullMQ queue beside the connection it uses, for the few things BullMQ has no call for. */
export interface OpenQueue {
  readonly queue: Queue;
  readonly redis: RedisConnection;
}

export type Queues = Readonly<Record<QueueName, OpenQueue>>;

/** How many events BullMQ keeps a queue. Nobody replays them; the stream is only a wake-up call. */
const KEPT_EVENTS = 1000;

/** Opens every queue on one connection. Errors of the connection are logged, never thrown. */
export function openQueues(connection: RedisConnection, prefix: string, log: Logger): Queues {
  const open = (name: QueueName): OpenQueue => {
    const queue = new Queue(name, { connection, prefix, streams: { events: { maxLen: KEPT_EVENTS } } });
    queue.on("error", (error) => log.debug("queue.error", { queue: name, error: error.message }));
    return { queue, redis: connection };
  };
  return { tasks: open("tasks"), deliveries: open("deliveries") };
}

export async function closeQueues(queues: Queues): Promise<void> {
  await Promise.all(Object.values<OpenQueue>(queues).map(({ queue }) => queue.close().catch(() => undefined)));
}
