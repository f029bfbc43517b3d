import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What this replica has done. Queue depths are told by ingest, once for all. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    tasks: new Counter({
      name: "hookline_tasks_total",
      help: "Runs of jobs by kind and how they ended.",
      labelNames: ["kind", "outcome"],
      registers,
    }),
    deliveries: new Counter({
      name: "hookline_deliveries_total",
      help: "Attempts to deliver by target kind and outcome.",
      labelNames: ["kind", "outcome"],
      registers,
    }),
    deliveryDuration: new Histogram({
      name: "hookline_delivery_duration_seconds",
      help: "Time from the post to the end of the target's answer.",
      labelNames: ["kind"],
      buckets: SECONDS,
      registers,
    }),
    endToEnd: new Histogram({
      name: "hookline_task_end_to_end_seconds",
      help: "Time from the acceptance of a task to its delivery, its wait included.",
      buckets: [0.05, 0.1, 0.5, 1, 5, 10, 15, 30, 60, 300, 1800, 3600, 86_400],
      registers,
    }),
    githubRequests: new Counter({
      name: "hookline_github_requests_total",
      help: "Requests sent to GitHub by the status of the answer.",
      labelNames: ["status"],
      registers,
    }),
    githubRemaining: new Gauge({
      name: "hookline_github_rate_limit_remaining",
      help: "Requests that GitHub still allows, by credential (hashed).",
      labelNames: ["credential"],
      registers,
    }),
    snapshots: new Counter({
      name: "hookline_snapshots_total",
      help: "Snapshots served by how they were come by.",
      labelNames: ["source"],
      registers,
    }),
  };
}
