import { randomBytes } from "node:crypto";
import type { Task } from "@hookline/contracts";
import { emptyProject, type Project } from "@hookline/project";
import {
  closeQueues,
  closeRedis,
  connectRedis,
  createReplication,
  openQueues,
  type RedisConnection,
} from "@hookline/queue";
import { createKeys, type Logger, listen, readSettings, silentLogger } from "@hookline/runtime";
import { createPassing } from "@hookline/telemetry";
import { createApp } from "../../src/app.ts";
import { ingestVariables } from "../../src/config.ts";
import type { Dependencies } from "../../src/dependencies.ts";
import { createShortcut } from "../../src/http/shortcut.ts";
import { createMetrics } from "../../src/metrics.ts";
import { configuredTargets } from "../../src/tasks/targets.ts";
import { type Client, createClient } from "./client.ts";

export const REDIS_URL = process.env.TEST_REDIS_URL ?? "";
export const WEBHOOK_URL = "http://127.0.0.1:9/hook";

/** The accepted task of a 202. */
export type Accepted = Task & { ok: string; duplicate: boolean };

/** The ingest app on a free port, with real connections and a queue prefix of its own. */
export interface TestIngest extends Client {
  readonly address: string;
  readonly prefix: string;
  readonly deps: Dependencies;
  /** Queues `octocat/<repository>` and returns what was answered. */
  post(repository: string, more?: Readonly<Record<string, unknown>>): Promise<Accepted>;
  task(id: string): Promise<Task>;
  /** Everything that a refused request must leave as it was. */
  queued(): Promise<{ tasks: number; index: number }>;
  stop(): Promise<void>;
}

export interface TestIngestOptions {
  /** Variables over the defaults of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log?: Logger;
  /** None of its targets and inboxes unless said otherwise. */
  readonly project?: Project;
}

export function newPrefix(): string {
  return `{test-${randomBytes(6).toString("hex")}}`;
}

export async function startTestIngest({
  env = {},
  log = silentLogger,
  project = emptyProject,
}: TestIngestOptions = {}): Promise<TestIngest> {
  const defaults = { REDIS_URL, WEBHOOK_URL, QUEUE_PREFIX: newPrefix(), SCHEDULE_INTERVAL: "600000" };
  const settings = readSettings(ingestVariables, { ...defaults, ...env });
  const prefix = settings.QUEUE_PREFIX;
  const redis = connectRedis("producer", settings);
  redis.on("error", () => {}); // told by the routes; without a listener ioredis prints it
  const queues = openQueues(redis, prefix, log);
  const keys = createKeys(prefix);
  const targets = configuredTargets(settings, project).map(({ name }) => name);
  const metrics = createMetrics({ queues, keys, targets, waitingLimit: settings.RATE_LIMIT_MAX_SIMULTANEOUS_JOBS });
  const deps: Dependencies = {
    settings,
    project,
    redis,
    queues,
    replication: createReplication({ open: queues.tasks, settings, log }),
    keys,
    log,
    metrics,
    tracing: createPassing(),
    isDraining: () => false,
  };
  const shortcut = createShortcut();
  const server = await listen(shortcut.before(createApp(deps, shortcut)), { port: 0, host: "127.0.0.1" });
  const address = `http://127.0.0.1:${server.port}`;
  const client = createClient(address);
  const authorization = settings.API_KEYS.length > 0 ? { authorization: `Bearer ${settings.API_KEYS[0]}` } : {};
  if (env.REDIS_URL === undefined) await waitUntilReady(redis);
  return {
    ...client,
    address,
    prefix,
    deps,
    async post(repository, more = {}) {
      const body = { username: "octocat", repository, ...more };
      const answer = await client.send<Accepted>("POST", "/tasks", { body, headers: authorization });
      if (answer.status !== 202) throw new Error(`POST /tasks answered ${answer.status}: ${answer.text}`);
      return answer.body;
    },
    task: async (id) => (await client.send<Task>("GET", `/tasks/${id}`, { headers: authorization })).body,
    async queued() {
      const [counts, index] = await Promise.all([
        queues.tasks.queue.getJobCounts("waiting", "delayed", "active", "completed", "failed", "prioritized"),
        redis.zcard(deps.keys.taskIndex),
      ]);
      return { tasks: Object.values(counts).reduce((sum, count) => sum + count, 0), index };
    },
    async stop() {
      client.close();
      await server.close();
      if (env.REDIS_URL === undefined) await forget(redis, prefix);
      await closeQueues(queues);
      await closeRedis(redis);
    },
  };
}

async function waitUntilReady(redis: RedisConnection): Promise<void> {
  if (redis.status !== "ready") await new Promise((resolve) => redis.once("ready", resolve));
}

/** The Redis may be one that outlives the tests. */
async function forget(redis: RedisConnection, prefix: string): Promise<void> {
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(...keys);
}
