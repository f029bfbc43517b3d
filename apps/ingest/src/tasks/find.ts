import { type DigestResult, isTaskId, type SendResult, type Task } from "@hookline/contracts";
import { readJob } from "@hookline/queue";
import { readDelivery } from "../deliveries/delivery-view.ts";
import type { Dependencies } from "../dependencies.ts";
import { toTask } from "./task-view.ts";

type Sources = Pick<Dependencies, "queues" | "redis" | "keys">;

/** Reads a task with its deliveries; `undefined` when there never was one or it was cleared away. */
export async function findTask(sources: Sources, id: string): Promise<Task | undefined> {
  if (!isTaskId(id)) return undefined;
  const job = await readJob(sources.queues.tasks, id);
  if (job === undefined) return findCancelled(sources, id);
  const deliveries = job.state === "completed" ? (job.result as DigestResult | SendResult).deliveries : [];
  return toTask(job, await Promise.all(deliveries.map((delivery) => readDelivery(sources, delivery))));
}

async function findCancelled({ redis, keys }: Sources, id: string): Promise<Task | undefined> {
  const text = await redis.get(keys.cancelledTask(id));
  return text === null ? undefined : (JSON.parse(text) as Task);
}
