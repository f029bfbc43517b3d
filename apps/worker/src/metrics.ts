import { type TargetKindName, type TaskKind, targetKindNames, taskCatalog } from "@hookline/contracts";
import type { JobOutcome } from "@hookline/queue";
import { createLabel, createRegistry, OTHER } from "@hookline/telemetry";
import { Counter, Histogram, type Registry } from "prom-client";
import { addGithubCounters } from "./metrics-github.ts";
import type { SnapshotSource } from "./snapshots/store.ts";
import type { SendOutcome } from "./targets/send.ts";

export type Metrics = ReturnType<typeof createMetrics>;

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Every value of a label, so that none is forgotten: the compiler compares. */
const JOB_OUTCOMES = Object.keys({
  completed: 1,
  retried: 1,
  waited: 1,
  failed: 1,
  interrupted: 1,
} satisfies Record<JobOutcome, 1>);
const SEND_OUTCOMES = Object.keys({
  delivered: 1,
  failed: 1,
  retry_later: 1,
  gone: 1,
  forbidden: 1,
} satisfies Record<SendOutcome["kind"], 1>);
const SNAPSHOT_SOURCES = Object.keys({
  fresh: 1,
  revalidated: 1,
  collected: 1,
  stale: 1,
} satisfies Record<SnapshotSource, 1>);
const TASK_KINDS = Object.keys(taskCatalog);

/** A job's name comes from Redis: only those in the catalog are told. */
const toKind = createLabel(TASK_KINDS);

/** What this replica has done, from 0 on for every kind and outcome. Queue depths are told by ingest, once for all. */
export function createMetrics({ isRedisReady }: { readonly isRedisReady: () => boolean }) {
  const registry = createRegistry({ isRedisReady });
  return {
    registry,
    ...addTaskMetrics(registry),
    ...addDeliveryMetrics(registry),
    ...addGithubCounters(registry),
    ...addSnapshotCounter(registry),
  };
}

function addTaskMetrics(registry: Registry) {
  const registers = [registry];
  const tasks = new Counter({
    name: "hookline_tasks_total",
    help: "Runs of jobs by kind and how they ended.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  for (const kind of [...TASK_KINDS, OTHER]) {
    for (const outcome of JOB_OUTCOMES) tasks.inc({ kind, outcome }, 0);
  }
  const endToEnd = new Histogram({
    name: "hookline_task_end_to_end_seconds",
    help: "Time from the acceptance of a task to its delivery, its wait included.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 15, 30, 60, 300, 1800, 3600, 86_400],
    registers,
  });
  return {
    countTask: (kind: TaskKind, outcome: JobOutcome) => tasks.inc({ kind: toKind(kind), outcome }, 1),
    observeEndToEnd: (seconds: number) => endToEnd.observe(seconds),
  };
}

function addDeliveryMetrics(registry: Registry) {
  const registers = [registry];
  const deliveries = new Counter({
    name: "hookline_deliveries_total",
    help: "Attempts to deliver by target kind and outcome.",
    labelNames: ["kind", "outcome"],
    registers,
  });
  const duration = new Histogram({
    name: "hookline_delivery_duration_seconds",
    help: "Time from the post to the end of the target's answer.",
    labelNames: ["kind"],
    buckets: SECONDS,
    registers,
  });
  for (const kind of targetKindNames) {
    for (const outcome of SEND_OUTCOMES) deliveries.inc({ kind, outcome }, 0);
    duration.zero({ kind });
  }
  return {
    observeDelivery(kind: TargetKindName, outcome: SendOutcome["kind"], seconds: number) {
      deliveries.inc({ kind, outcome }, 1);
      duration.observe({ kind }, seconds);
    },
  };
}

function addSnapshotCounter(registry: Registry) {
  const snapshots = new Counter({
    name: "hookline_snapshots_total",
    help: "Snapshots served by how they were come by: fresh ones come from the cache.",
    labelNames: ["source"],
    registers: [registry],
  });
  for (const source of SNAPSHOT_SOURCES) snapshots.inc({ source }, 0);
  return { countSnapshot: (source: SnapshotSource) => snapshots.inc({ source }, 1) };
}
