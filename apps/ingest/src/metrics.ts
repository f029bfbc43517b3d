import { type ProblemType, problemTypes } from "@hookline/contracts";
import type { Queues } from "@hookline/queue";
import type { Keys } from "@hookline/runtime";
import { createRegistry } from "@hookline/telemetry";
import { Counter, Gauge, type Registry } from "prom-client";
import { addRequestMetrics, type ObservedRequest } from "./metrics-http.ts";
import { addLaneGauges } from "./metrics-lanes.ts";
import { addQueueGauges } from "./metrics-queues.ts";

/** What became of a task that was asked for: the same one may wait already. */
const TASK_RESULTS = ["queued", "duplicate"] as const;

export interface Metrics {
  readonly registry: Registry;
  observeRequest(request: ObservedRequest, seconds: number): void;
  countTask(result: (typeof TASK_RESULTS)[number]): void;
  countProblem(problem: ProblemType): void;
}

export interface MetricsOptions {
  readonly queues: Queues;
  readonly keys: Keys;
  /** Names of the configured targets: those that requests bring along are without number. */
  readonly targets: readonly string[];
  /** Tasks that may wait at once; 0 or less: no limit. */
  readonly waitingLimit: number;
}

/** Ingest's metrics: its own requests, and queues and lanes as Redis has them at the moment of the scrape. */
export function createMetrics({ queues, keys, targets, waitingLimit }: MetricsOptions): Metrics {
  const { redis } = queues.tasks;
  const registry = createRegistry({ isRedisReady: () => redis.status === "ready" });
  const observeRequest = addRequestMetrics(registry);
  const tasks = new Counter({
    name: "hookline_tasks_accepted_total",
    help: "Tasks answered with 202, those of batches and webhooks included: queued, or a duplicate of one that was.",
    labelNames: ["result"],
    registers: [registry],
  });
  for (const result of TASK_RESULTS) tasks.inc({ result }, 0);
  const problems = new Counter({
    name: "hookline_problems_total",
    help: "Requests answered with a problem, by its name.",
    labelNames: ["problem"],
    registers: [registry],
  });
  for (const problem of Object.keys(problemTypes)) problems.inc({ problem }, 0);
  new Gauge({
    name: "hookline_waiting_tasks_limit",
    help: "Tasks that may wait at once; infinite without a limit.",
    registers: [registry],
  }).set(waitingLimit > 0 ? waitingLimit : Number.POSITIVE_INFINITY);
  addQueueGauges(registry, queues);
  addLaneGauges(registry, { redis, keys, targets });
  return {
    registry,
    observeRequest,
    countTask: (result) => tasks.inc({ result }),
    countProblem: (problem) => problems.inc({ problem }),
  };
}
