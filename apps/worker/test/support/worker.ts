import { randomBytes } from "node:crypto";
import {
  type BasecampInbox,
  DEFAULT_TARGET,
  type DigestPayload,
  type InlineTarget,
  ORDER_DIGITS,
  type SendPayload,
  type TargetConfig,
  type TargetRef,
  toDeliveryId,
  toTaskId,
} from "@hookline/contracts";
import { parseAllowedNetworks } from "@hookline/project";
import {
  addMessage,
  addTask,
  type BreakerPolicy,
  type Consumer,
  closeQueues,
  findInlineTarget,
  hasArrived,
  type JobOutcome,
  openQueues,
  readJob,
  runJobNow,
  runTogether,
  type ScriptCall,
  saveInlineTarget,
  startConsumer,
  toBackoffOptions,
  toDeduplicationId,
  toTargetKey,
} from "@hookline/queue";
import { silentLogger } from "@hookline/runtime";
import { withoutTrace } from "@hookline/telemetry";
import { waitUntil } from "@hookline/testing";
import { createAttemptRecorder } from "../../src/deliveries/attempt-recorder.ts";
import { createBookkeeper } from "../../src/deliveries/bookkeeper.ts";
import { createLanes, defaultBreaker } from "../../src/deliveries/lanes.ts";
import { createLoadOutgoing } from "../../src/deliveries/load-outgoing.ts";
import { createOutbox } from "../../src/deliveries/outbox.ts";
import { createRoots } from "../../src/deliveries/roots.ts";
import { createThreads } from "../../src/deliveries/threads.ts";
import { createBodyStore } from "../../src/messages/body-store.ts";
import { toMessage } from "../../src/messages/to-message.ts";
import { createProcessors } from "../../src/processors/registry.ts";
import { type BaselineRef, toDeliveredNote } from "../../src/snapshots/baseline.ts";
import { createBaselines } from "../../src/snapshots/baselines.ts";
import { createCaptureStore } from "../../src/snapshots/capture-store.ts";
import type { Snapshot } from "../../src/snapshots/snapshot.ts";
import { createSnapshotStore } from "../../src/snapshots/store.ts";
import { createTargetDirectory } from "../../src/targets/directory.ts";
import { createSender } from "../../src/targets/send.ts";
import { snapshot } from "./snapshots.ts";
import { openTestRedis } from "./test-redis.ts";

export interface TestWorkerOptions {
  /** WEBHOOK_URL. */
  readonly webhookUrl?: string;
  /** Default: every address of loopback. */
  readonly allowed?: string;
  readonly timeoutMs?: number;
  readonly keptMs?: number;
  /** Targets of the project file. */
  readonly targets?: Readonly<Record<string, TargetConfig>>;
  readonly inboxes?: Readonly<Record<string, BasecampInbox>>;
  readonly timeZone?: string;
  readonly breaker?: Partial<BreakerPolicy>;
}

export type TestWorker = ReturnType<typeof startTestWorker>;

/** The worker's processors on queues of their own, with a repository that the test holds in its hand. */
export function startTestWorker(options: TestWorkerOptions = {}) {
  const test = openTestRedis();
  const { keys, redis, prefix } = test;
  const queues = openQueues(test.connect(), prefix, silentLogger);
  const consumers: Consumer[] = [];
  const outcomes: string[] = [];
  const state: { collections: number; collect: () => Promise<Snapshot> } = {
    collections: 0,
    collect: async () => snapshot(),
  };
  const keptMs = options.keptMs ?? 3_600_000;
  const sender = createSender({ requestPolicy: parseAllowedNetworks(options.allowed ?? "127.0.0.0/8") });
  const store = { redis, keys };
  const bodies = createBodyStore(redis, keys);
  const webhook = options.webhookUrl;
  const targets = createTargetDirectory({
    configs: { ...options.targets, ...(webhook && { [DEFAULT_TARGET]: { kind: "webhook" as const, url: webhook } }) },
    inboxes: options.inboxes ?? {},
    timeoutMs: options.timeoutMs ?? 5000,
    requestSecret: undefined,
    loadInline: (name) => findInlineTarget(redis, keys, name),
  });
  const timeZone = options.timeZone ?? "UTC";
  const loadOutgoing = createLoadOutgoing(bodies, (document) => toMessage(document, { timeZone }));
  const disabled: string[] = [];
  const lanes = createLanes({
    ...store,
    queues,
    log: silentLogger,
    breaker: { ...defaultBreaker, ...options.breaker },
    onDisabled: async ({ name }: { name: string }) => void disabled.push(name),
  });
  const deps = {
    queues,
    captures: createCaptureStore(redis, keys),
    bodies,
    targets,
    outbox: createOutbox({ ...store, queues, bodies, targets, timeZone }),
    nameTarget: async (target: string | InlineTarget) =>
      typeof target === "string" ? target : saveInlineTarget(redis, keys, { target, delayMs: 0 }),
    loadOutgoing,
    roots: createRoots({ sender, loadOutgoing, lanes, log: silentLogger }),
    threads: createThreads({ ...store, queues }),
    baselines: createBaselines(store),
    snapshots: createSnapshotStore({
      ...store,
      log: silentLogger,
      freshMs: 0,
      staleMs: 60_000,
      collect: () => {
        state.collections += 1;
        return state.collect();
      },
      onServed: () => undefined,
    }),
    lanes,
    sender,
    trace: withoutTrace,
    bookkeeper: createBookkeeper(silentLogger),
    attempts: createAttemptRecorder({
      keys,
      log: silentLogger,
      keptMs,
      redact: (text: string) => text,
      onAttempt: () => undefined,
    }),
    hasArrived: (deliveryId: string) => hasArrived(queues.deliveries, keys, deliveryId),
    toDeliveredNote: (target: string, baseline: BaselineRef) => toDeliveredNote(keys, target, baseline),
    write: (notes: readonly ScriptCall[]) => runTogether(redis, notes),
    onEndToEnd: () => undefined,
    keptMs,
  };
  const processors = createProcessors(deps);

  const work = (name: "tasks" | "deliveries", concurrency = 10) => {
    const consumer = startConsumer({
      open: queues[name],
      connection: test.connect(),
      prefix,
      concurrency,
      processors,
      keepCompleted: { age: 3600 },
      keepFailed: { age: 3600 },
      log: silentLogger,
      onOutcome: (kind: string, outcome: JobOutcome) => outcomes.push(`${kind} ${outcome}`),
    });
    consumers.push(consumer);
    return consumer;
  };

  /** Adds a task as ingest does, due at once; returns its id. */
  const addDigest = async (payload: Partial<DigestPayload> = {}, { attempts = 3, delayMs = 0 } = {}) => {
    const full = { username: "octocat", repository: "hello-world", targets: [DEFAULT_TARGET], ...payload };
    const createdAt = Date.now();
    const id = toTaskId(createdAt, randomBytes(8).toString("hex"));
    const deduplicationId = toDeduplicationId(full, [id]);
    const backoff = toBackoffOptions("fixed", 100);
    await addTask(queues, keys, { id, payload: full, deduplicationId, createdAt, delayMs, attempts, backoff });
    return id;
  };

  /** Adds the sending of a document, as a source does; returns the task's id. */
  const addDocument = async (document: SendPayload["document"], names: readonly string[], attempts = 3) => {
    const createdAt = Date.now();
    const id = toTaskId(createdAt, (sent++).toString(16).padStart(ORDER_DIGITS, "0"));
    const payload = { document, targets: [...names] };
    await addMessage(queues, keys, { id, payload, createdAt, attempts, backoff: toBackoffOptions("fixed", 100) });
    return id;
  };
  let sent = 0;

  const task = (id: string) => readJob(queues.tasks, id);
  const delivery = (taskId: string, target: TargetRef = DEFAULT_TARGET) =>
    readJob(queues.deliveries, toDeliveryId(taskId, toTargetKey(target)));

  return {
    ...test,
    ...deps,
    state,
    outcomes,
    disabled,
    processors,
    work,
    addDigest,
    addDocument,
    task,
    delivery,
    deliveryId: (taskId: string, target: TargetRef = DEFAULT_TARGET) => toDeliveryId(taskId, toTargetKey(target)),
    /** Waits until the delivery is in that state of its queue. */
    until: async (taskId: string, wanted: string, target: TargetRef = DEFAULT_TARGET) => {
      let last: Awaited<ReturnType<typeof delivery>>;
      const isReached = async () => {
        last = await delivery(taskId, target);
        return last?.state === wanted ? last : undefined;
      };
      const job = await waitUntil(isReached, { what: `the delivery is ${wanted}` }).catch((error: Error) => {
        throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
      });
      return job as NonNullable<typeof job>;
    },
    untilTask: async (taskId: string, wanted: string) => {
      const isReached = async () => {
        const job = await task(taskId);
        return job?.state === wanted ? job : undefined;
      };
      return (await waitUntil(isReached, { what: `the task is ${wanted}` })) as NonNullable<
        Awaited<ReturnType<typeof task>>
      >;
    },
    runNow: (taskId: string) => runJobNow(queues.tasks, taskId),
    runDelivery: (deliveryId: string) => runJobNow(queues.deliveries, deliveryId),
    waitFor: (condition: () => boolean | Promise<boolean>) => waitUntil(condition, { what: "the worker has got on" }),
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.drain(0)));
      await closeQueues(queues);
      await sender.close();
      await test.stop();
    },
  };
}

/** A webhook that a request brings along. */
export function inline(url: string): TargetRef {
  return { kind: "webhook", url };
}
