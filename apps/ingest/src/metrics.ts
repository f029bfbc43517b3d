import { type QueueName, queueNames } from "@hookline/contracts";
import { type LaneState, oldestWaitingSeconds, type Queues, readLane } from "@hookline/queue";
import type { Keys } from "@hookline/runtime";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  readonly registry: Registry;
  observeRequest(labels: { method: string; route: string; status: number }, seconds: number): void;
}

/** Ingest's metrics: its own requests, and queues and lanes as Redis has them at the moment of the scrape. */
export function createMetrics(queues: Queues, keys: Keys, targets: readonly string[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "hookline_http_requests_total",
    help: "HTTP requests answered.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "hookline_http_request_duration_seconds",
    help: "Time from the request's head to the end of the answer.",
    labelNames: ["method", "route"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  addQueueGauges(registry, queues);
  addLaneGauge(registry, queues, keys, targets);
  return {
    registry,
    observeRequest({ method, route, status }, seconds) {
      requests.inc({ method, route, status });
      durations.observe({ method, route }, seconds);
    },
  };
}

/** Prioritised jobs are captures that wait. */
const JOB_STATES = ["waiting", "prioritized", "delayed", "active", "completed", "failed"] as const;

function addQueueGauges(registry: Registry, queues: Queues): void {
  // Without Redis the queues' figures are missing and the process's own are still told.
  const forEachQueue = async (observe: (queue: QueueName) => Promise<void>) => {
    if (queues.tasks.redis.status !== "ready") return;
    await Promise.all(queueNames.map(observe)).catch(() => undefined);
  };
  new Gauge({
    name: "hookline_queue_jobs",
    help: "Jobs in a queue by state.",
    labelNames: ["queue", "state"],
    registers: [registry],
    async collect() {
      this.reset();
      await forEachQueue(async (queue) => {
        const counts = await queues[queue].queue.getJobCounts(...JOB_STATES);
        for (const [state, count] of Object.entries(counts)) this.set({ queue, state }, count);
      });
    },
  });
  new Gauge({
    name: "hookline_queue_oldest_waiting_seconds",
    help: "How long the oldest due job has been waiting for a worker.",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      this.reset();
      await forEachQueue(async (queue) => this.set({ queue }, await oldestWaitingSeconds(queues[queue])));
    },
  });
}

const LANE_STATES = ["sending", "paused", "breaker_open", "breaker_half_open", "disabled"] as const;

/** Configured targets only: those that requests bring along are without number. */
function addLaneGauge(registry: Registry, { tasks: { redis } }: Queues, keys: Keys, targets: readonly string[]): void {
  new Gauge({
    name: "hookline_lane_state",
    help: "1 for the state that a configured target's lane is in.",
    labelNames: ["target", "state"],
    registers: [registry],
    async collect() {
      this.reset();
      if (redis.status !== "ready") return;
      for (const target of targets) {
        const current = toLaneState(await readLane(redis, keys, target).catch(() => undefined));
        if (current === undefined) continue;
        for (const state of LANE_STATES) this.set({ target, state }, state === current ? 1 : 0);
      }
    },
  });
}

function toLaneState(lane: LaneState | undefined): (typeof LANE_STATES)[number] | undefined {
  if (lane === undefined) return undefined;
  if (lane.disabled !== undefined) return "disabled";
  if (lane.breaker !== "closed") return `breaker_${lane.breaker}`;
  return (lane.pausedUntil ?? 0) > Date.now() ? "paused" : "sending";
}
