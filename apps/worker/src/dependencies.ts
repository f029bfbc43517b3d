import type { InlineTarget } from "@hookline/contracts";
import type { Project } from "@hookline/project";
import {
  closeQueues,
  closeRedis,
  connectRedis,
  findInlineTarget,
  logConnection,
  openQueues,
  type Queues,
  type RedisConnection,
  saveInlineTarget,
} from "@hookline/queue";
import { createKeys, createRedactor, type Keys, type Logger } from "@hookline/runtime";
import type { WorkerSettings } from "./config.ts";
import { createAttemptRecorder } from "./deliveries/attempt-recorder.ts";
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
import type { DigestDependencies } from "./processors/github-digest/process.ts";
import type { DeliverDependencies } from "./processors/message-deliver/process.ts";
import type { SendDependencies } from "./processors/message-send/process.ts";
import { type BaselineRef, findBaseline, noteDelivered, saveBaseline } from "./snapshots/baseline.ts";
import { createCaptureStore } from "./snapshots/capture-store.ts";
import { collectSnapshot } from "./snapshots/collect.ts";
import { createSnapshotStore } from "./snapshots/store.ts";
import { toTargetConfigs } from "./targets/configs.ts";
import { createTargetDirectory } from "./targets/directory.ts";
import { createSender, type Sender } from "./targets/send.ts";

/** Everything the processors need, and how to close it. */
export interface Composition extends DigestDependencies, SendDependencies, DeliverDependencies {
  readonly redis: RedisConnection;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly operator: Operator;
  close(): Promise<void>;
}

/** The composition root: the one place that knows every part of the worker. */
export function compose(settings: WorkerSettings, project: Project, log: Logger): Composition {
  const redis = connectRedis("consumer", settings);
  logConnection(redis, "cache", log);
  const keys = createKeys(settings.QUEUE_PREFIX);
  const queues = openQueues(redis, settings.QUEUE_PREFIX, log);
  const metrics = createMetrics();
  const sender = createSender({ requestPolicy: settings.TARGET_ALLOWED_NETWORKS });
  const operator = createOperator({ redis, keys, queues, target: settings.OPERATOR_TARGET });
  const shared = { redis, keys, log, metrics, queues };
  return {
    redis,
    queues,
    metrics,
    operator,
    ...composeSnapshots(settings, shared),
    ...composeDeliveries(settings, project, { ...shared, operator, sender }),
    sender,
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
  readonly queues: Queues;
}

interface DeliveryShared extends Shared {
  readonly operator: Operator;
  readonly sender: Sender;
}

function composeDeliveries(settings: WorkerSettings, project: Project, shared: DeliveryShared) {
  const { redis, keys, log, metrics, queues, operator, sender } = shared;
  const bodies = createBodyStore(redis, keys);
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
      redis,
      keys,
      log,
      keptMs: settings.RETENTION_FAILED,
      redact: createRedactor([...settings.WEBHOOK_SECRET, settings.WEBHOOK_URL?.href ?? "", ...project.secrets]),
      onAttempt: (kind, outcome, seconds) => {
        metrics.deliveries.inc({ kind, outcome });
        metrics.deliveryDuration.observe({ kind }, seconds);
      },
    }),
    noteDelivered: (target: string, baseline: BaselineRef) => noteDelivered({ redis, keys }, target, baseline),
  };
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
      save: (snapshot: Parameters<typeof saveBaseline>[1], targets: readonly string[]) =>
        saveBaseline(store, snapshot, targets),
      find: (target: string, snapshot: Parameters<typeof findBaseline>[2]) => findBaseline(store, target, snapshot),
    },
  };
}
