import type { InlineTarget } from "@hookline/contracts";
import type { Project } from "@hookline/project";
import {
  closeQueues,
  closeRedis,
  connectRedis,
  findInlineTarget,
  hasArrived,
  logConnection,
  openQueues,
  type Queues,
  type RedisConnection,
  runTogether,
  type ScriptCall,
  saveInlineTarget,
} from "@hookline/queue";
import { createKeys, createRedactor, delay, type Keys, type Logger } from "@hookline/runtime";
import type { Tracing } from "@hookline/telemetry";
import type { WorkerSettings } from "./config.ts";
import { createAttemptRecorder } from "./deliveries/attempt-recorder.ts";
import { createBookkeeper } from "./deliveries/bookkeeper.ts";
import { createLanes, defaultBreaker } from "./deliveries/lanes.ts";
import { createLoadOutgoing } from "./deliveries/load-outgoing.ts";
import { createOperator, type Operator } from "./deliveries/operator.ts";
import { createOutbox } from "./deliveries/outbox.ts";
import { createRoots } from "./deliveries/roots.ts";
import { createThreads } from "./deliveries/threads.ts";
import { createGithubClient } from "./github/client.ts";
import { createBodyStore } from "./messages/body-store.ts";
import { toMessage } from "./messages/to-message.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { addGithubBudget } from "./metrics-github.ts";
import type { DigestDependencies } from "./processors/github-digest/process.ts";
import type { DeliverDependencies } from "./processors/message-deliver/process.ts";
import type { SendDependencies } from "./processors/message-send/process.ts";
import { type BaselineRef, toDeliveredNote } from "./snapshots/baseline.ts";
import { createBaselines } from "./snapshots/baselines.ts";
import { createCaptureStore } from "./snapshots/capture-store.ts";
import { collectSnapshot } from "./snapshots/collect.ts";
import { createSnapshotStore } from "./snapshots/store.ts";
import { toTargetConfigs } from "./targets/configs.ts";
import { createTargetDirectory } from "./targets/directory.ts";
import { createSender, type Sender } from "./targets/send.ts";

/** Everything the processors need, and how to close it. */
export interface Composition extends DigestDependencies, SendDependencies, DeliverDependencies {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly operator: Operator;
  close(): Promise<void>;
}

/** How the process is watched. */
export interface Observers {
  readonly log: Logger;
  readonly tracing: Tracing;
}

/** The composition root: the one place that knows every part of the worker. */
export function compose(settings: WorkerSettings, project: Project, { log, tracing }: Observers): Composition {
  const redis = connectRedis("consumer", settings);
  logConnection(redis, "cache", log);
  const keys = createKeys(settings.QUEUE_PREFIX);
  const queues = openQueues(redis, settings.QUEUE_PREFIX, log);
  const metrics = createMetrics({ isRedisReady: () => redis.status === "ready" });
  const sender = createSender({ requestPolicy: settings.TARGET_ALLOWED_NETWORKS });
  const operator = createOperator({ redis, keys, queues, target: settings.OPERATOR_TARGET });
  const shared = { redis, keys, log, metrics, queues, tracing };
  return {
    redis,
    keys,
    queues,
    metrics,
    operator,
    trace: tracing.call,
    ...composeSnapshots(settings, shared),
    ...composeDeliveries(settings, project, { ...shared, operator, sender }),
    sender,
    onEndToEnd: metrics.observeEndToEnd,
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
  readonly queues: Queues;
  readonly tracing: Tracing;
}

interface DeliveryShared extends Shared {
  readonly operator: Operator;
  readonly sender: Sender;
}

function composeDeliveries(settings: WorkerSettings, project: Project, shared: DeliveryShared) {
  const { redis, keys, log, metrics, queues, operator, sender } = shared;
  const bodies = createBodyStore(redis, keys);
  const bookkeeper = createBookkeeper(log);
  const loadOutgoing = createLoadOutgoing(bodies, (document) => toMessage(document, { timeZone: settings.TZ }));
  const targets = createTargetDirectory({
    configs: toTargetConfigs(settings, project),
    inboxes: project.inboxes,
    timeoutMs: settings.TARGET_TIMEOUT,
    requestSecret: settings.WEBHOOK_SECRET.join(" ") || undefined,
    loadInline: (name) => findInlineTarget(redis, keys, name),
  });
  const lanes = createLanes({
    redis,
    keys,
    queues,
    log,
    breaker: { ...defaultBreaker, disableAfterMs: settings.DISABLE_TARGET_AFTER },
    onDisabled: operator.targetDisabled,
  });
  return {
    bodies,
    bookkeeper,
    targets,
    loadOutgoing,
    roots: createRoots({ sender, loadOutgoing, lanes, log }),
    outbox: createOutbox({ redis, keys, queues, bodies, targets, timeZone: settings.TZ }),
    // Jobs of older versions bring their targets along.
    nameTarget: async (target: string | InlineTarget) =>
      typeof target === "string" ? target : saveInlineTarget(redis, keys, { target, delayMs: 0 }),
    threads: createThreads({ redis, keys, queues }),
    lanes,
    attempts: createAttemptRecorder({
      keys,
      log,
      keptMs: settings.RETENTION_FAILED,
      redact: createRedactor([...settings.WEBHOOK_SECRET, settings.WEBHOOK_URL?.href ?? "", ...project.secrets]),
      onAttempt: metrics.observeDelivery,
    }),
    hasArrived: (deliveryId: string) => hasArrived(queues.deliveries, keys, deliveryId),
    toDeliveredNote: (target: string, baseline: BaselineRef) => toDeliveredNote(keys, target, baseline),
    write: (notes: readonly ScriptCall[]) => runTogether(redis, notes),
  };
}

function composeSnapshots(settings: WorkerSettings, { redis, keys, log, metrics, tracing }: Shared) {
  const client = createGithubClient({
    apiUrl: settings.API_URL,
    token: settings.API_TOKEN,
    redis,
    keys,
    log,
    onRequest: metrics.observeGithubRequest,
    trace: tracing.call,
  });
  addGithubBudget(metrics.registry, {
    credential: client.credential,
    // Asked at a scrape, which is answered without Redis, too.
    readLimit: async () => {
      if (redis.status !== "ready") return undefined;
      const tooLate = delay(500).then(() => undefined);
      return Promise.race([client.readLimit("core"), tooLate]).catch(() => undefined);
    },
  });
  const snapshots = createSnapshotStore({
    redis,
    keys,
    log,
    freshMs: settings.CACHE_TTL,
    staleMs: settings.CACHE_STALE_TTL,
    collect: (pair, signal) => collectSnapshot(client, pair, { userCacheTtlMs: settings.USER_CACHE_TTL, signal }),
    onServed: metrics.countSnapshot,
  });
  return {
    snapshots,
    captures: createCaptureStore(redis, keys),
    baselines: createBaselines({ redis, keys }),
  };
}
