import { type Project, readProject } from "@hookline/project";
import {
  type Consumer,
  type ConsumerOptions,
  closeRedis,
  connectRedis,
  findPatienceMs,
  loadSpans,
  logConnection,
  startConsumer,
  traceQueues,
} from "@hookline/queue";
import { delay, drainOnSignal, type Environment, type Logger, listen, runApp, toHost } from "@hookline/runtime";
import { logTraceId, startTracing } from "@hookline/telemetry";
import { type WorkerSettings, workerVariables } from "./config.ts";
import { type Composition, compose } from "./dependencies.ts";
import { readProgress, readRedis } from "./health/progress.ts";
import { createHealthListener } from "./health/server.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { addConsumerGauges, addStalledCounter } from "./metrics-consumers.ts";
import { createProcessors } from "./processors/registry.ts";

await runApp({ name: "worker", variables: workerVariables, env: process.env, load: loadProject, start });

function loadProject(env: Environment): Project {
  return readProject({ env, isTargetSecretNeeded: true });
}

async function start(settings: WorkerSettings, base: Logger, project: Project): Promise<void> {
  const tracing = await startTracing("hookline-worker", settings, base);
  const spans = tracing.hasSpans ? await loadSpans() : undefined;
  const log = logTraceId(base, tracing);
  const composition = compose(settings, project, { log, tracing });
  if (spans !== undefined) traceQueues(composition.queues, spans);
  const jobs = connectRedis("consumer", settings);
  logConnection(jobs, "jobs", log);
  const consumers = startConsumers(settings, composition, {
    ...{ connection: jobs, log, spans },
    // With spans BullMQ itself runs a job as a part of its trace.
    ...(spans === undefined ? { within: tracing.within } : {}),
  });
  addConsumerGauges(composition.metrics.registry, consumers);
  const housekeeping = startHousekeeping(composition.queues, composition.keys, log);
  let isDraining = false;
  const listener = createHealthListener({
    apiKeys: settings.API_KEYS,
    registry: composition.metrics.registry,
    progress: () => readProgress(consumers, composition.queues),
    redis: () => readRedis(composition.redis, composition.keys),
    isDraining: () => isDraining,
  });
  const server = await listen(listener, { port: settings.WORKER_PORT, host: toHost(settings) });
  log.info("worker.started", { port: server.port, concurrency: settings.WORKER_CONCURRENCY });
  drainOnSignal(log, async () => {
    isDraining = true;
    clearInterval(housekeeping);
    // The end of the time is kept for putting unfinished jobs back.
    await drain(consumers, Math.max(0, settings.SHUTDOWN_TIMEOUT - 2 * CLOSE_MS));
    await Promise.race([
      Promise.all([composition.close(), closeRedis(jobs), server.close(), tracing.close()]),
      delay(CLOSE_MS),
    ]);
  });
}

/** After the drain nothing is left to lose: connections that do not close by then are dropped. */
const CLOSE_MS = 1000;

function startConsumers(
  settings: WorkerSettings,
  composition: Composition,
  shared: Pick<ConsumerOptions, "connection" | "log" | "spans" | "within">,
): Consumer[] {
  const processors = createProcessors(composition);
  const countStalled = addStalledCounter(composition.metrics.registry);
  const keep = (ms: number) => ({ age: Math.ceil(ms / 1000), count: settings.RETENTION_COUNT });
  return (["tasks", "deliveries"] as const).map((name) =>
    startConsumer({
      ...shared,
      open: composition.queues[name],
      prefix: settings.QUEUE_PREFIX,
      concurrency: settings.WORKER_CONCURRENCY[name],
      processors,
      keepCompleted: keep(settings.RETENTION_COMPLETED),
      keepFailed: keep(settings.RETENTION_FAILED),
      onOutcome: composition.metrics.countTask,
      onStalled: countStalled,
      onExhausted: composition.operator.exhausted,
      patienceMs: () => findPatienceMs(composition.redis, composition.keys),
    }),
  );
}

/** Jobs under way are finished; those that are not by `graceMs` go back to the queue for another replica. */
async function drain(consumers: readonly Consumer[], graceMs: number): Promise<void> {
  const drained = Promise.all(consumers.map((consumer) => consumer.drain(graceMs)));
  // With Redis away jobs can neither end nor be put back: their locks lapse, and another replica runs them again.
  await Promise.race([drained, delay(graceMs + CLOSE_MS)]);
}
