import { LONGEST_DELAY_MS } from "@hookline/contracts";
import { projectVariables } from "@hookline/project";
import { backoffPolicies } from "@hookline/queue";
import { listenVariables, processVariables, redisVariables, type SettingsOf, variable } from "@hookline/runtime";
import { tracingVariables } from "@hookline/telemetry";

/** Every variable that ingest reads. */
export const ingestVariables = {
  PORT: variable.integer({ purpose: "port of the HTTP API", default: 4001, min: 0, max: 65_535 }),
  ...listenVariables,
  BOARD_USER: variable.text({ purpose: "user name of the queue page at /board", default: "admin" }),
  BOARD_PASSWORD: variable.secret({
    purpose: "password of the queue page at /board; with API_KEYS set and none here the page is off",
  }),
  SCHEDULE_INTERVAL: variable.integer({
    purpose: "ms a task waits before its first attempt",
    default: 10_800,
    min: 0,
    max: LONGEST_DELAY_MS,
  }),
  RESCHEDULE_INTERVAL: variable.integer({
    purpose: "ms between attempts",
    default: 5000,
    min: 0,
    max: LONGEST_DELAY_MS,
  }),
  RETRY_MAX_ATTEMPTS: variable.integer({
    purpose: "retries after the first attempt: N means N + 1 attempts",
    default: 3,
    min: 0,
    max: 100,
  }),
  RETRY_BACKOFF: variable.oneOf(backoffPolicies, {
    purpose: "fixed, exponential (doubling, ± 20 %) or standard (5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h)",
    default: "fixed",
  }),
  RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: variable.integer({
    purpose: "tasks that may wait at once, after which requests are answered 429; 0 or less: no limit",
    default: -1,
  }),
  SNAPSHOT_AT: variable.oneOf(["delivery", "request"], {
    purpose: "collect when the task runs (delivery) or when it is asked for (request)",
    default: "delivery",
  }),
  ...projectVariables,
  ...redisVariables,
  REDIS_MIN_REPLICAS: variable.custom(
    {
      purpose:
        "replicas that must hold a task before it is accepted, else 503; empty: one, where Sentinel or Cluster has any",
    },
    parseReplicas,
  ),
  ...processVariables,
  ...tracingVariables,
};

export type IngestSettings = SettingsOf<typeof ingestVariables>;

function parseReplicas(value: string): number | undefined {
  if (value === "") return undefined;
  if (!/^\d$/.test(value)) throw new Error(`must be a whole number from 0 to 9, not "${value}"`);
  return Number(value);
}
