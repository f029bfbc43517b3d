import {
  closeQueues,
  closeRedis,
  connectRedis,
  logConnection,
  openQueues,
  type Queues,
  type RedisConnection,
} from "@hookline/queue";
import { createKeys, type Keys, type Logger } from "@hookline/runtime";
import type { WorkerSettings } from "./config.ts";
import { createAttemptRecorder } from "./deliveries/attempt-recorder.ts";
import { createLanes } from "./deliveries/lanes.ts";
import { createGithubClient } from "./github/client.ts";
import { createBodyStore } from "./messages/body-store.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import type { DigestDependencies } from "./processors/github-digest/process.ts";
import type { DeliverDependencies } from "./processors/message-deliver/process.ts";
import { findBaseline, noteDelivered, saveBaseline } from "./snapshots/baseline.ts";
import { createCaptureStore } from "./snapshots/capture-store.ts";
import { collectSnapshot } from "./snapshots/collect.ts";
import { createSnapshotStore } from "./snapshots/store.ts";
import { createTargetDirectory } from "./targets/directory.ts";
import { createSender } from "./targets/send.ts";

/** Everything the processors need, and how to close it. */
export interface Composition extends DigestDependencies, DeliverDependencies {
  readonly redis: RedisConnection;
  readonly queues: Queues;
  readonly metrics: Metrics;
  close(): Promise<void>;
}

/** The composition root: the one place that knows every part of the worker. */
export function compose(settings: WorkerSettings, log: Logger): Composition {
  const redis = connectRedis("consumer", settings);
  logConnection(redis, "cache", log);
  const keys = createKeys(settings.QUEUE_PREFIX);
  const queues = openQueues(redis, settings.QUEUE_PREFIX, log);
  const metrics = createMetrics();
  const sender = createSender({ requestPolicy: settings.TARGET_ALLOWED_NETWORKS, timeoutMs: settings.TARGET_TIMEOUT });
  return {
    redis,
    queues,
    metrics,
    ...composeSnapshots(settings, { redis, keys, log, metrics }),
    bodies: createBodyStore(redis, keys),
    targets: createTargetDirectory(settings),
    lanes: createLanes(redis, keys, log),
    sender,
    attempts: createAttemptRecorder({
      redis,
      keys,
      log,
      keptMs: settings.RETENTION_FAILED,
      onAttempt: (kind, outcome, seconds) => {
        metrics.deliveries.inc({ kind, outcome });
        metrics.deliveryDuration.observe({ kind }, seconds);
      },
    }),
    noteDelivered: (target, baseline) => noteDelivered({ redis, keys }, target, baseline),
    onEndToEnd: (seconds) => metrics.endToEnd.observe(seconds),
    keptMs: settings.RETENTION_FAILED,
    close: async () => {
      await closeQueues(queues);
      await sender.close();
      await closeRedis(redis);
    },
  };
}

interface Shared {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly log: Logger;
  readonly metrics: Metrics;
}

function composeSnapshots(settings: WorkerSettings, { redis, keys, log, metrics }: Shared) {
  const client = createGithubClient({
    apiUrl: settings.API_URL,
    token: settings.API_TOKEN,
    redis,
    keys,
    log,
    onRequest: ({ status }) => metrics.githubRequests.inc({ status }),
    onLimit: ({ credential, resource, remaining }) => {
      if (resource === "core") metrics.githubRemaining.set({ credential }, remaining);
    },
  });
  const snapshots = createSnapshotStore({
    redis,
    keys,
    log,
    freshMs: settings.CACHE_TTL,
    staleMs: settings.CACHE_STALE_TTL,
    collect: (pair, signal) => collectSnapshot(client, pair, { userCacheTtlMs: settings.USER_CACHE_TTL, signal }),
    onServed: (source) => metrics.snapshots.inc({ source }),
  });
  const store = { redis, keys };
  return {
    snapshots,
    captures: createCaptureStore(redis, keys),
    baselines: {
      save: (snapshot: Parameters<typeof saveBaseline>[1]) => saveBaseline(store, snapshot),
      find: (target: string, snapshot: Parameters<typeof findBaseline>[2]) => findBaseline(store, target, snapshot),
    },
  };
}
