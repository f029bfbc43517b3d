import { randomBytes } from "node:crypto";
import { type DigestPayload, toTaskId } from "@hookline/contracts";
import { createKeys, type Keys, silentLogger } from "@hookline/runtime";
import {
  addTask,
  type Consumer,
  type ConsumerOptions,
  closeQueues,
  closeRedis,
  connectRedis,
  type NewTask,
  openQueues,
  type Processors,
  type Queues,
  type RedisConnection,
  startConsumer,
} from "../../src/index.ts";

export const REDIS_URL = process.env.TEST_REDIS_URL ?? "";
export const REDIS = {
  REDIS_URL,
  REDIS_SENTINELS: [],
  REDIS_SENTINEL_NAME: undefined,
  REDIS_CLUSTER_NODES: [],
};
const idle = async () => {};
export const PAYLOAD: DigestPayload = { username: "octocat", repository: "hello-world", targets: ["default"] };

/** Queues on a real Redis under a prefix of their own, and consumers of the tasks queue with made-up processors. */
export interface Bench {
  readonly redis: RedisConnection;
  readonly queues: Queues;
  readonly keys: Keys;
  add(more?: Partial<NewTask>): Promise<{ id: string; isDuplicate: boolean }>;
  work(digest: Processors["github.digest"], more?: Partial<ConsumerOptions>): Consumer;
  stop(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const prefix = `{test-${randomBytes(6).toString("hex")}}`;
  const redis = connectRedis("producer", REDIS);
  if (redis.status !== "ready") await new Promise((resolve) => redis.once("ready", resolve));
  const queues = openQueues(redis, prefix, silentLogger);
  const keys = createKeys(prefix);
  const consumers: Consumer[] = [];
  const connections: RedisConnection[] = [];
  return {
    redis,
    queues,
    keys,
    add: (more = {}) => addTask(queues, keys, toNewTask(more)),
    work(digest, more = {}) {
      const connection = connectRedis("consumer", REDIS);
      connections.push(connection);
      const consumer = startConsumer({
        open: queues.tasks,
        connection,
        prefix,
        concurrency: 5,
        processors: { "github.digest": digest, "github.capture": idle, "message.send": idle, "message.deliver": idle },
        keepCompleted: { count: 100 },
        keepFailed: { count: 100 },
        log: silentLogger,
        ...more,
      });
      consumers.push(consumer);
      return consumer;
    },
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.drain(100)));
      await Promise.all(connections.map((connection) => closeRedis(connection)));
      const left = await redis.keys(`${prefix}:*`);
      if (left.length > 0) await redis.del(...left);
      await closeQueues(queues);
      await closeRedis(redis);
    },
  };
}

export function toNewTask(more: Partial<NewTask>): NewTask {
  const now = Date.now();
  return {
    id: toTaskId(now, randomBytes(8).toString("hex")),
    payload: PAYLOAD,
    deduplicationId: "the-same",
    createdAt: now,
    delayMs: 0,
    attempts: 3,
    backoff: { type: "fixed", delay: 600_000 },
    ...more,
  };
}

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
