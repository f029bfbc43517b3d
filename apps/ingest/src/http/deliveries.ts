import { type Delivery, type DeliveryPayload, isDeliveryId, operations } from "@hookline/contracts";
import { readAttempts, readJob, toTargetName } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { toDeliveryView } from "../tasks/delivery-view.ts";
import { toIso } from "../tasks/next-attempt.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { ProblemError } from "./problem.ts";

/** `/deliveries`: what was tried at one target. */
export function mountDeliveries(mount: Mount, deps: Dependencies): void {
  mount(operations.getDelivery, requireRedis(deps), async (request, response) => {
    const delivery = await findDelivery(deps, String(request.params.id));
    if (delivery === undefined) throw new ProblemError("not_found", { detail: "there is no such delivery" });
    response.json(delivery);
  });
}

async function findDelivery({ queues, redis, keys }: Dependencies, id: string): Promise<Delivery | undefined> {
  if (!isDeliveryId(id)) return undefined;
  const [job, attempts] = await Promise.all([readJob(queues.deliveries, id), readAttempts(redis, keys, id)]);
  if (job === undefined) return undefined;
  const { taskId, target } = job.payload as DeliveryPayload;
  const view = toDeliveryView({ id, target: toTargetName(target) }, job);
  return {
    id,
    taskId,
    target: view.target,
    kind: typeof target === "string" ? "webhook" : target.kind,
    status: view.status,
    createdAt: toIso(job.createdAt),
    nextAttempt: view.nextAttempt,
    attempts,
    links: { self: `/deliveries/${id}`, task: `/tasks/${taskId}` },
  };
}
