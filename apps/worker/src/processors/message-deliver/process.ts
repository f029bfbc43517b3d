import { type DeliveryPayload, toCreatedAtMs } from "@hookline/contracts";
import type { JobContext } from "@hookline/queue";
import { PermanentError, RetryAfterError, TemporaryError } from "@hookline/runtime";
import type { AttemptRecorder } from "../../deliveries/attempt-recorder.ts";
import type { Lanes } from "../../deliveries/lanes.ts";
import type { BodyStore } from "../../messages/body-store.ts";
import type { BaselineRef } from "../../snapshots/baseline.ts";
import type { TargetDirectory } from "../../targets/directory.ts";
import type { Sender, SendOutcome } from "../../targets/send.ts";
import type { Target } from "../../targets/target.ts";

export interface DeliverDependencies {
  readonly targets: TargetDirectory;
  readonly lanes: Lanes;
  readonly bodies: BodyStore;
  readonly sender: Sender;
  readonly attempts: AttemptRecorder;
  readonly noteDelivered: (target: string, baseline: BaselineRef) => Promise<void>;
  readonly onEndToEnd: (seconds: number) => void;
  /** ms that a delivered message is kept, to be looked at and sent again. */
  readonly keptMs: number;
}

/** Makes one attempt to deliver a message: the lane allows it, the target kind builds it, the sender posts it. */
export function createDeliverProcessor(deps: DeliverDependencies) {
  return async (payload: DeliveryPayload, context: JobContext): Promise<void> => {
    const target = deps.targets(payload.target);
    await deps.lanes.require(target.name, context.id);
    const body = await deps.bodies.load(payload.bodyId);
    const startedAt = new Date();
    const request = target.toRequest({ deliveryId: context.id, body }, startedAt);
    const outcome = await deps.sender.send(target, request, context.signal);
    await deps.attempts.record({ context, target, request, outcome, startedAt });
    await settle(deps, { payload, context, target, outcome });
  };
}

async function settle(
  deps: DeliverDependencies,
  {
    payload,
    context,
    target,
    outcome,
  }: { payload: DeliveryPayload; context: JobContext; target: Target; outcome: SendOutcome },
): Promise<void> {
  switch (outcome.kind) {
    case "delivered":
      deps.onEndToEnd((Date.now() - toCreatedAtMs(payload.taskId)) / 1000);
      await Promise.all([
        deps.noteDelivered(target.name, payload.baseline),
        deps.bodies.release(payload.bodyId, context.id, deps.keptMs),
      ]);
      return;
    case "retry_later":
      throw new RetryAfterError(await deps.lanes.pause(target.name, outcome.waitMs), "target_retry_after");
    case "gone":
      return deps.lanes.disable(target.name, context.id, "the target answered 410");
    case "forbidden":
      throw new PermanentError("target_forbidden", outcome.detail);
    case "failed":
      throw new TemporaryError(outcome.code, outcome.detail);
  }
}
