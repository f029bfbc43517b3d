import { type SendPayload, type SendResult, toDeliveryId } from "@hookline/contracts";
import { type JobContext, toTargetKey } from "@hookline/queue";
import type { Outbox } from "../../deliveries/outbox.ts";

export interface SendDependencies {
  readonly outbox: Outbox;
  readonly nameTarget: (target: SendPayload["targets"][number]) => Promise<string>;
}

/** Queues one delivery per target of a document that is known already. */
export function createSendProcessor({ outbox, nameTarget }: SendDependencies) {
  return async ({ document, targets }: SendPayload, context: JobContext): Promise<SendResult> => {
    const names = await Promise.all(targets.map(nameTarget));
    const entries = names.map((target) => ({
      deliveryId: toDeliveryId(context.id, toTargetKey(target)),
      target,
      bodyId: context.id,
      document,
    }));
    const { attemptsMax: attempts, backoff, trace } = context;
    const deliveries = await outbox.send(context.id, entries, { attempts, backoff, trace });
    return { outcome: "deliveries_queued", deliveries };
  };
}
