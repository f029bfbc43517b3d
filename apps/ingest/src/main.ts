import { DEFAULT_TARGET } from "@hookline/contracts";
import { type Project, readProject } from "@hookline/project";
import {
  closeQueues,
  closeRedis,
  connectRedis,
  createReplication,
  loadSpans,
  logConnection,
  openQueues,
  traceQueues,
} from "@hookline/queue";
import {
  createKeys,
  delay,
  drainOnSignal,
  type Environment,
  type HttpServer,
  type Logger,
  listen,
  runApp,
  toHost,
} from "@hookline/runtime";
import { startTracing } from "@hookline/telemetry";
import { createApp } from "./app.ts";
import { type IngestSettings, ingestVariables } from "./config.ts";
import { toConnectionLimits } from "./http/client.ts";
import { createShortcut } from "./http/shortcut.ts";
import { createMetrics } from "./metrics.ts";
import { configuredTargets } from "./tasks/targets.ts";

await runApp({ name: "ingest", variables: ingestVariables, env: process.env, load: loadProject, start });

function loadProject(env: Environment): Project {
  return readProject({ env, isTargetSecretNeeded: false });
}

async function start(settings: IngestSettings, log: Logger, project: Project): Promise<void> {
  const targets = configuredTargets(settings, project).map(({ name }) => name);
  warn(settings, targets, log);
  const redis = connectRedis("producer", settings);
  logConnection(redis, "queues", log);
  const queues = openQueues(redis, settings.QUEUE_PREFIX, log);
  const tracing = await startTracing("hookline-ingest", settings, log);
  if (tracing.hasSpans) traceQueues(queues, await loadSpans());
  let isDraining = false;
  const keys = createKeys(settings.QUEUE_PREFIX);
  const shortcut = createShortcut();
  const app = createApp(
    {
      settings,
      project,
      redis,
      queues,
      replication: createReplication({ open: queues.tasks, settings, log }),
      keys,
      log,
      metrics: createMetrics({ queues, keys, targets, waitingLimit: settings.RATE_LIMIT_MAX_SIMULTANEOUS_JOBS }),
      tracing,
      isDraining: () => isDraining,
    },
    shortcut,
  );
  const connections = toConnectionLimits(app, settings, log);
  const server = await listen(shortcut.before(app), { port: settings.PORT, host: toHost(settings), connections });
  log.info("ingest.listening", { host: toHost(settings) ?? "all", port: server.port });
  drainOnSignal(log, async () => {
    isDraining = true;
    await closeServer(server, Math.max(0, settings.SHUTDOWN_TIMEOUT - 2 * CLOSE_MS));
    const closing = Promise.all([closeQueues(queues).then(() => closeRedis(redis)), tracing.close()]);
    await Promise.race([closing, delay(CLOSE_MS)]);
  });
}

/** After the last answer nothing is left to lose: connections that do not close by then are dropped. */
const CLOSE_MS = 1000;

/** Requests under way are answered; a client that never finishes its own cannot hold us. */
async function closeServer(server: HttpServer, graceMs: number): Promise<void> {
  await Promise.race([server.close(), delay(graceMs)]);
}

function warn(settings: IngestSettings, targets: readonly string[], log: Logger): void {
  if (settings.API_KEYS.length === 0) {
    log.warn("ingest.open", {
      host: toHost(settings) ?? "all",
      hint: "API_KEYS is empty: everybody who can connect may queue tasks",
    });
  } else if (settings.BOARD_PASSWORD === undefined) {
    log.warn("board.off", { hint: "API_KEYS is set and BOARD_PASSWORD is not: /board is off" });
  }
  if (!targets.includes(DEFAULT_TARGET)) {
    log.warn("target.missing", { hint: "WEBHOOK_URL is not set: tasks must name their targets" });
  }
}
