import { type QueueName, queueNames } from "@hookline/contracts";
import { oldestWaitingSeconds, type Queues } from "@hookline/queue";
import { Gauge, type Registry } from "prom-client";

/** Prioritised jobs are captures that wait. */
const JOB_STATES = ["waiting", "prioritized", "delayed", "active", "completed", "failed"] as const;

/**
 * What is queued, as Redis has it. Without Redis these are missing, and the process's own figures are still told.
 * Values are read before any is set: two scrapes may overlap.
 */
export function addQueueGauges(registry: Registry, queues: Queues): void {
  const readQueues = async <T>(read: (queue: QueueName) => Promise<T>): Promise<(readonly [QueueName, T])[]> => {
    if (queues.tasks.redis.status !== "ready") return [];
    return Promise.all(queueNames.map(async (queue) => [queue, await read(queue)] as const)).catch(() => []);
  };
  new Gauge({
    name: "hookline_queue_jobs",
    help: "Jobs in a queue by state.",
    labelNames: ["queue", "state"],
    registers: [registry],
    async collect() {
      const counted = await readQueues((queue) => queues[queue].queue.getJobCounts(...JOB_STATES));
      this.reset();
      for (const [queue, counts] of counted) {
        for (const [state, count] of Object.entries(counts)) this.set({ queue, state }, count);
      }
    },
  });
  new Gauge({
    name: "hookline_queue_oldest_waiting_seconds",
    help: "How long the oldest due job has been waiting for a worker.",
    labelNames: ["queue"],
    registers: [registry],
    async collect() {
      const ages = await readQueues((queue) => oldestWaitingSeconds(queues[queue]));
      this.reset();
      for (const [queue, seconds] of ages) this.set({ queue }, seconds);
    },
  });
}
