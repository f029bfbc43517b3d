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
    // Webhooks do without both.
    let parsed: Document | undefined;
    let message: Message | undefined;
    const toDocument = () => {
      parsed ??= JSON.parse(body.toString()) as Document;
      return parsed;
    };
    return {
      deliveryId,
      body,
      get message() {
        message ??= toMessage(toDocument());
        return message;
      },
      day,
      get inbox() {
        const document = toDocument();
        return document.type === "basecamp.recording" ? document.inbox : undefined;
      },
    };
  };
}
