import { assertNotMetadata, parseAllowedNetworks, projectVariables } from "@hookline/project";
import {
  DAY_MS,
  listenVariables,
  parseSigningSecrets,
  processVariables,
  redisVariables,
  type SettingsOf,
  variable,
} from "@hookline/runtime";
import { tracingVariables } from "@hookline/telemetry";

/** Every variable that a worker reads. */
export const workerVariables = {
  WORKER_PORT: variable.integer({
    purpose: "port of a worker's own /healthz, /readyz and /metrics; 0 takes a free one",
    default: 4002,
    min: 0,
    max: 65_535,
  }),
  ...listenVariables,
  WORKER_CONCURRENCY: variable.custom(
    { purpose: "jobs a replica works on at once, by queue", default: "tasks=20,deliveries=200" },
    parseConcurrency,
  ),
  ...projectVariables,
  WEBHOOK_SECRET: variable.custom(
    {
      purpose: "whsec_… to sign deliveries as Standard Webhooks; several, space-separated, while rotating",
      isSecret: true,
    },
    parseSigningSecrets,
  ),
  TARGET_TIMEOUT: variable.integer({ purpose: "ms a target has to answer", default: 15_000, min: 100, max: 300_000 }),
  TARGET_ALLOWED_NETWORKS: variable.custom(
    { purpose: "CIDRs and hosts, comma-separated, that targets in requests may reach although private" },
    parseAllowedNetworks,
  ),
  OPERATOR_TARGET: variable.text({
    purpose: "name of the target that is told of disabled targets and of tasks that failed for good; empty: none",
  }),
  DISABLE_TARGET_AFTER: variable.integer({
    purpose: "ms of nothing but failure after which a target is disabled",
    default: 5 * DAY_MS,
    min: 1000,
  }),
  TZ: variable.custom(
    { purpose: "time zone of the times in messages and of the day that a thread lasts", default: "UTC" },
    parseTimeZone,
  ),
  API_URL: variable.custom({ purpose: "GitHub's REST API", default: "https://api.github.com" }, (value) =>
    assertNotMetadata(variable.parseHttpUrl(value)),
  ),
  API_TOKEN: variable.secret({
    purpose: "GitHub token; without one GitHub is asked anonymously (60 requests an hour)",
  }),
  CACHE_TTL: variable.integer({ purpose: "ms a snapshot is fresh", default: 60_000, min: 0 }),
  CACHE_STALE_TTL: variable.integer({
    purpose: "ms a snapshot may be served when GitHub cannot",
    default: DAY_MS,
    min: 0,
  }),
  USER_CACHE_TTL: variable.integer({ purpose: "ms a contributor's display name is kept", default: DAY_MS, min: 1000 }),
  RETENTION_COMPLETED: variable.integer({
    purpose: "ms that finished tasks and deliveries are kept",
    default: DAY_MS,
    min: 60_000,
  }),
  RETENTION_FAILED: variable.integer({
    purpose: "ms that failed tasks and deliveries are kept, to look at and to retry",
    default: 7 * DAY_MS,
    min: 60_000,
  }),
  RETENTION_COUNT: variable.integer({
    purpose: "finished jobs, and failed ones, kept of each queue at most",
    default: 50_000,
    min: 1000,
  }),
  ...redisVariables,
  ...processVariables,
  ...tracingVariables,
};

export type WorkerSettings = SettingsOf<typeof workerVariables>;

export interface Concurrency {
  readonly tasks: number;
  readonly deliveries: number;
}

/** Reads `tasks=20,deliveries=200`; one number alone is meant for both. */
function parseConcurrency(value: string): Concurrency {
  if (/^\d+$/.test(value)) return { tasks: requireSlots(value), deliveries: requireSlots(value) };
  const texts = value.split(",").map((text) => text.trim().replaceAll(/\s+/g, " "));
  const pairs = texts.map((text) => /^(tasks|deliveries) ?[=: ] ?(\d+)$/.exec(text));
  if (pairs.includes(null)) throw new Error(`must look like tasks=20,deliveries=200, not "${value}"`);
  const slots = new Map(pairs.map((pair) => [pair?.[1], requireSlots(pair?.[2] ?? "")]));
  return { tasks: slots.get("tasks") ?? 20, deliveries: slots.get("deliveries") ?? 200 };
}

function requireSlots(text: string): number {
  const slots = Number(text);
  if (slots < 1 || slots > 10_000) throw new Error("must be from 1 to 10000 a queue");
  return slots;
}

function parseTimeZone(value: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    throw new Error(`must be a time zone such as Europe/Berlin, not "${value}"`);
  }
}
