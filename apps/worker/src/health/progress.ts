import {
  type Consumer,
  type OpenQueue,
  oldestWaitingSeconds,
  type Queues,
  type RedisConnection,
  type RedisState,
  readRedisState,
} from "@hookline/queue";
import { delay, type Keys } from "@hookline/runtime";

/** A due job that waits this long beside idle slots means that the worker does not work, whatever else looks well. */
const STUCK_SECONDS = 30;
/** Slots that are all busy for longer than any request may take, and longer than large repositories need, hang. */
const HUNG_SECONDS = 900;
const REDIS_PATIENCE_MS = 1000;

export interface Progress {
  readonly isStuck: boolean;
  readonly redis: "ready" | "away";
  readonly queues: Readonly<Record<string, QueueProgress>>;
}

interface QueueProgress {
  readonly active: number;
  readonly oldestWaitingSeconds: number | null;
  readonly secondsSinceLastStart: number;
  readonly isStuck: boolean;
}

/** Tells whether the consumers get on with their queues. A Redis that is away is not the worker's fault. */
export async function readProgress(consumers: readonly Consumer[], queues: Queues): Promise<Progress> {
  const entries = await Promise.all(
    consumers.map(async (consumer) => [consumer.name, await readQueue(consumer, queues[consumer.name])] as const),
  );
  return {
    isStuck: entries.some(([, queue]) => queue.isStuck),
    redis: entries.some(([, queue]) => queue.oldestWaitingSeconds === null) ? "away" : "ready",
    queues: Object.fromEntries(entries),
  };
}

/** What Redis is good for now, within a second. */
export async function readRedis(redis: RedisConnection, keys: Keys): Promise<RedisState | "away"> {
  return (await withPatience(readRedisState(redis, keys))) ?? "away";
}

async function readQueue(consumer: Consumer, open: OpenQueue): Promise<QueueProgress> {
  const { active, lastStartedAt } = consumer.activity();
  const oldest = await withPatience(oldestWaitingSeconds(open));
  const secondsSinceLastStart = Math.round((Date.now() - lastStartedAt) / 1000);
  const patience = active < consumer.concurrency ? STUCK_SECONDS : HUNG_SECONDS;
  const seemsStuck = (oldest ?? 0) > STUCK_SECONDS && secondsSinceLastStart > patience;
  // A queue that somebody has paused stands still because it was told to.
  const isStuck = seemsStuck && (await withPatience(open.queue.isPaused())) === false;
  return { active, oldestWaitingSeconds: oldest, secondsSinceLastStart, isStuck };
}

function withPatience<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, delay(REDIS_PATIENCE_MS).then(() => null)]).catch(() => null);
}
