import type { Document } from "@hookline/contracts";
import type { BodyStore } from "../messages/body-store.ts";
import type { Message } from "../messages/message.ts";
import type { Outgoing } from "../targets/target.ts";

/** Reads what a delivery sends. @throws PermanentError `message_lost` when it has expired. */
export type LoadOutgoing = (
  deliveryId: string,
  stored: { readonly bodyId: string; readonly day: string | undefined },
) => Promise<Outgoing>;

export function createLoadOutgoing(
  bodies: Pick<BodyStore, "load">,
  toMessage: (document: Document) => Message,
): LoadOutgoing {
  return async (deliveryId, { bodyId, day }) => {
    const body = await bodies.load(bodyId);
    const document = JSON.parse(body.toString()) as Document;
    let message: Message | undefined;
    return {
      deliveryId,
      body,
      // Webhooks do without.
      get message() {
        message ??= toMessage(document);
        return message;
      },
      day,
      inbox: document.type === "basecamp.recording" ? document.inbox : undefined,
    };
  };
}
