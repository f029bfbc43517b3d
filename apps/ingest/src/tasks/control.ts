import type { SendPayload, Task } from "@hookline/contracts";
import { type ControlResult, cancelJob, readJob, retryJob, runJobNow } from "@hookline/queue";
import { DAY_MS } from "@hookline/runtime";
import { redeliverOne } from "../deliveries/redeliver.ts";
import type { Dependencies } from "../dependencies.ts";
import { giveUpPlaces } from "../events/accept.ts";
import { findTask } from "./find.ts";

/** How long a cancelled task is still shown. */
const CANCELLED_TTL_MS = 7 * DAY_MS;

export type Controlled =
  | { readonly result: "done"; readonly task: Task }
  | { readonly result: "not_found" }
  | { readonly result: "wrong_state"; readonly task: Task };

/** Takes a waiting task out of the queue; it stays visible as `cancelled` for a week. */
export async function cancelTask(deps: Dependencies, id: string): Promise<Controlled> {
  const task = await findTask(deps, id);
  if (task === undefined) return { result: "not_found" };
  if (task.status !== "scheduled" && task.status !== "queued") return { result: "wrong_state", task };
  const job = await readJob(deps.queues.tasks, id);
  const result = await cancelJob(deps.queues.tasks, id);
  if (result !== "done") return settled(deps, id, result);
  if (job?.name === "message.send") await giveUpPlaces(deps, id, job.payload as SendPayload);
  const cancelled: Task = { ...task, status: "cancelled", nextAttempt: null, links: { self: task.links.self ?? "" } };
  await deps.redis.set(deps.keys.cancelledTask(id), JSON.stringify(cancelled), "PX", CANCELLED_TTL_MS);
  deps.log.info("task.cancelled", { id });
  return { result, task: cancelled };
}

/** Makes a waiting task, or a waiting retry of one, due now. */
export async function runTask(deps: Dependencies, id: string): Promise<Controlled> {
  const task = await findTask(deps, id);
  if (task === undefined) return { result: "not_found" };
  if (task.status !== "scheduled" && task.status !== "queued") return { result: "wrong_state", task };
  return settled(deps, id, await runJobNow(deps.queues.tasks, id));
}

/** Repeats what failed: the collection, else each failed delivery with the `webhook-id` it had. */
export async function retryTask(deps: Dependencies, id: string): Promise<Controlled> {
  const task = await findTask(deps, id);
  if (task === undefined) return { result: "not_found" };
  if (task.status !== "failed") return { result: "wrong_state", task };
  const failed = task.deliveries.filter(({ status }) => status === "failed");
  const results =
    failed.length === 0
      ? [await retryJob(deps.queues.tasks, id)]
      : await Promise.all(failed.map((delivery) => retryDelivery(deps, delivery.id)));
  return settled(deps, id, results.find((result) => result !== "done") ?? "done");
}

async function retryDelivery(deps: Dependencies, id: string): Promise<ControlResult> {
  const { result } = await redeliverOne(deps, id);
  return result === "conflict" ? "wrong_state" : result;
}

async function settled(deps: Dependencies, id: string, result: ControlResult): Promise<Controlled> {
  const task = await findTask(deps, id);
  if (task === undefined || result === "not_found") return { result: "not_found" };
  return { result, task };
}
