import type { DeliveryPayload, DigestResult, Document } from "@hookline/contracts";
import { addDeliveries, type JobContext, type Queues, type RedisConnection, registerInThread } from "@hookline/queue";
import { type Keys, PermanentError } from "@hookline/runtime";
import type { BodyStore } from "../messages/body-store.ts";
import { toDay } from "../messages/day.ts";
import { toThread } from "../messages/to-message.ts";
import type { TargetDirectory } from "../targets/directory.ts";

/** One document to one target. Entries with the same `bodyId` share their document. */
export interface OutboxEntry {
  readonly deliveryId: string;
  /** The target's name. */
  readonly target: string;
  readonly bodyId: string;
  readonly document: Document;
  readonly baseline?: DeliveryPayload["baseline"];
}

/** Where processors put what is to be delivered. */
export interface Outbox {
  /** Stores each document once and queues the deliveries, all or none. Doing it twice does it once. */
  send(taskId: string, entries: readonly OutboxEntry[], retries: Retries): Promise<DigestResult["deliveries"]>;
}

export interface Retries {
  /** The first attempt included. */
  readonly attempts: number;
  readonly backoff: JobContext["backoff"];
  readonly trace: JobContext["trace"];
}

export interface OutboxOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly queues: Queues;
  readonly bodies: BodyStore;
  readonly targets: TargetDirectory;
  /** Whose midnight ends a day's threads. */
  readonly timeZone: string;
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { queues, bodies } = options;
  return {
    async send(taskId, entries, { attempts, backoff, trace }) {
      await saveBodies(bodies, entries);
      const deliveries = await Promise.all(
        entries.map(async (entry) => {
          const thread = await joinThread(options, entry);
          return { id: entry.deliveryId, payload: toPayload(taskId, entry, thread), attempts, backoff, trace };
        }),
      );
      await addDeliveries(queues, options.keys, deliveries);
      return entries.map(({ deliveryId: id, target }) => ({ id, target }));
    },
  };
}

/** Takes the delivery's place in its thread, where the document has one and the target has threads. */
async function joinThread(options: OutboxOptions, entry: OutboxEntry): Promise<DeliveryPayload["thread"]> {
  const { deliveryId, target, document } = entry;
  const thread = toThread(document);
  if (thread === undefined || !(await hasThreads(options.targets, target))) return undefined;
  await registerInThread(options.redis, options.keys, { target, threadKey: thread.key, deliveryId });
  return { key: thread.key, day: toDay(document.timestamp, options.timeZone) };
}

/** A target that is not known fails its own delivery, not those of the others. */
async function hasThreads(targets: TargetDirectory, name: string): Promise<boolean> {
  try {
    return (await targets.find(name)).threading !== "none";
  } catch (error) {
    if (error instanceof PermanentError) return false;
    throw error;
  }
}

function toPayload(taskId: string, entry: OutboxEntry, thread: DeliveryPayload["thread"]): DeliveryPayload {
  const { target, bodyId, baseline, document } = entry;
  return {
    taskId,
    target,
    bodyId,
    documentType: document.type,
    ...(baseline === undefined ? {} : { baseline }),
    ...(thread === undefined ? {} : { thread }),
  };
}

async function saveBodies(bodies: BodyStore, entries: readonly OutboxEntry[]): Promise<void> {
  const documents = new Map(entries.map(({ bodyId, document }) => [bodyId, document]));
  await Promise.all(
    [...documents].map(([bodyId, document]) => {
      const sharing = entries.filter((entry) => entry.bodyId === bodyId).map(({ deliveryId }) => deliveryId);
      return bodies.save(bodyId, Buffer.from(JSON.stringify(document)), sharing);
    }),
  );
}
