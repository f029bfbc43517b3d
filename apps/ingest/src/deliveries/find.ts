import { type Delivery, type DeliveryPayload, isDeliveryId, type ListedDelivery } from "@hookline/contracts";
import { type JobRecord, readAttempts, readJob, toTargetName } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { toIso } from "../tasks/next-attempt.ts";
import { type ConfiguredTarget, configuredTargets } from "../tasks/targets.ts";
import { type DeliveryView, toDeliveryView } from "./delivery-view.ts";
import { toTargetKind } from "./target-kind.ts";

/** Reads a delivery with its attempts; `undefined` when there never was one or it was cleared away. */
export async function findDelivery(deps: Dependencies, id: string): Promise<Delivery | undefined> {
  if (!isDeliveryId(id)) return undefined;
  const [job, attempts] = await Promise.all([
    readJob(deps.queues.deliveries, id),
    readAttempts(deps.redis, deps.keys, id),
  ]);
  if (job === undefined) return undefined;
  const { error: _told, ...listed } = toListedDelivery(job, configuredTargets(deps.settings, deps.project));
  return { ...listed, attempts };
}

/** Tells a delivery as a list shows it. Pure. */
export function toListedDelivery(job: JobRecord, configured: readonly ConfiguredTarget[]): ListedDelivery {
  const { taskId, target } = job.payload as DeliveryPayload;
  const view = toDeliveryView({ id: job.id, target: toTargetName(target) }, job);
  return {
    id: job.id,
    taskId,
    target: view.target,
    kind: toTargetKind(target, configured),
    status: view.status,
    createdAt: toIso(job.createdAt),
    nextAttempt: view.nextAttempt,
    attempts: view.attempts,
    error: view.error,
    links: toLinks(view, taskId),
  };
}

function toLinks({ id, status }: DeliveryView, taskId: string): Record<string, string> {
  const self = `/deliveries/${id}`;
  const links = { self, task: `/tasks/${taskId}` };
  return status === "failed" || status === "delivered" ? { ...links, redeliver: `${self}/redeliver` } : links;
}
