import type { DeliveryPayload, DigestPayload, DigestResult, SendPayload, SendResult } from "@hookline/contracts";
import { toDeliveryId } from "@hookline/contracts";
import {
  addDeliveries,
  closeRedis,
  connectRedis,
  type JobContext,
  type Processors,
  startConsumer,
  toTargetKey,
  toTargetName,
} from "@hookline/queue";
import { silentLogger } from "@hookline/runtime";
import type { TestIngest } from "./ingest.ts";

export interface TestWorker {
  stop(): Promise<void>;
}

/** Works the queues with processors that a test makes up; by default all succeeds. */
export async function startTestWorker(ingest: TestIngest, processors: Partial<Processors> = {}): Promise<TestWorker> {
  const { queues, settings } = ingest.deps;
  const all: Processors = {
    "github.digest": (payload, context) => queueDeliveries(ingest, payload, context),
    "github.capture": async () => {},
    "message.send": (payload, context) => queueMessages(ingest, payload, context),
    "message.deliver": async () => {},
    ...processors,
  };
  const workers = (["tasks", "deliveries"] as const).map((name) => {
    const connection = connectRedis("consumer", settings);
    connection.on("error", () => {});
    const consumer = startConsumer({
      open: queues[name],
      connection,
      prefix: ingest.prefix,
      concurrency: 20,
      processors: all,
      keepCompleted: { count: 1000 },
      keepFailed: { count: 1000 },
      log: silentLogger,
    });
    return { connection, consumer };
  });
  return {
    async stop() {
      await Promise.all(workers.map(({ consumer }) => consumer.drain(500)));
      await Promise.all(workers.map(({ connection }) => closeRedis(connection)));
    },
  };
}

/** What the digest processor does once the repository is known. */
export async function queueDeliveries(
  ingest: TestIngest,
  { username, repository, targets }: DigestPayload,
  context: JobContext,
): Promise<DigestResult> {
  const baseline = { id: "b", repository: `${username}/${repository}`, collectedAt: "2026-01-01T00:00:00.000Z" };
  return toResult({ username, repository, deliveries: await queueAll(ingest, targets, context, { baseline }) });
}

const BODY_TTL_MS = 600_000;

/** What the send processor does. */
async function queueMessages(ingest: TestIngest, { targets }: SendPayload, context: JobContext): Promise<SendResult> {
  return { outcome: "deliveries_queued", deliveries: await queueAll(ingest, targets, context, {}) };
}

async function queueAll(
  { deps }: TestIngest,
  targets: DigestPayload["targets"],
  context: JobContext,
  more: Pick<DeliveryPayload, "baseline">,
): Promise<DigestResult["deliveries"]> {
  const deliveries = targets.map((target) => ({ id: toDeliveryId(context.id, toTargetKey(target)), target }));
  await deps.redis.set(deps.keys.messageBody(context.id), "{}", "PX", BODY_TTL_MS);
  await addDeliveries(
    deps.queues,
    deps.keys,
    deliveries.map(({ id, target }) => ({
      id,
      payload: { taskId: context.id, target, bodyId: context.id, ...more },
      attempts: context.attemptsMax,
      backoff: context.backoff,
    })),
  );
  return deliveries.map(({ id, target }) => ({ id, target: toTargetName(target) }));
}

export function toResult(more: Partial<DigestResult>): DigestResult {
  return {
    outcome: "deliveries_queued",
    username: "octocat",
    repository: "hello-world",
    collectedAt: "2026-01-01T00:00:00.000Z",
    githubRequests: 3,
    isStale: false,
    isPartial: false,
    deliveries: [],
    ...more,
  };
}

/** A gate that a fake processor waits at until the test opens it. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
