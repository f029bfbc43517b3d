import { type QueueName, queueNames } from "@hookline/contracts";
import type { Consumer } from "@hookline/queue";
import { Counter, Gauge, type Registry } from "prom-client";

const FATES = ["recovered", "failed"] as const;
export type StalledFate = (typeof FATES)[number];

/** Counts jobs whose worker was lost at work: put back for another, or set aside for good. */
export function addStalledCounter(registry: Registry): (queue: QueueName, fate: StalledFate) => void {
  const stalled = new Counter({
    name: "hookline_jobs_stalled_total",
    help: "Jobs whose worker was lost at work, as this replica found them: recovered, or failed after too many times.",
    labelNames: ["queue", "fate"],
    registers: [registry],
  });
  for (const queue of queueNames) {
    for (const fate of FATES) stalled.inc({ queue, fate }, 0);
  }
  return (queue, fate) => stalled.inc({ queue, fate }, 1);
}

/** How busy this replica is, and whether it still takes jobs. */
export function addConsumerGauges(registry: Registry, consumers: readonly Consumer[]): void {
  const add = (name: string, help: string, read: (consumer: Consumer) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["queue"],
      registers: [registry],
      collect() {
        for (const consumer of consumers) this.set({ queue: consumer.name }, read(consumer));
      },
    });
  add("hookline_worker_slots", "Jobs this replica works on at once at most.", ({ concurrency }) => concurrency);
  add("hookline_worker_active_jobs", "Jobs this replica works on now.", (consumer) => consumer.activity().active);
  add(
    "hookline_worker_last_start_timestamp_seconds",
    "When this replica last began a job; when it started, before the first.",
    (consumer) => consumer.activity().lastStartedAt / 1000,
  );
}
