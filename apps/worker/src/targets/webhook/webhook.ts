import type { TargetKind } from "../target.ts";
import { createSigner } from "./sign.ts";

/** A webhook: the digest as JSON, signed per Standard Webhooks when there is a secret. */
export const webhookKind: TargetKind = {
  kind: "webhook",
  create({ name, url, isFromRequest, signingSecrets }) {
    const sign = createSigner(signingSecrets);
    return {
      name,
      kind: "webhook",
      isFromRequest,
      toRequest: ({ deliveryId, body }, now) => ({
        url,
        headers: {
          "content-type": "application/json",
          "user-agent": "hookline",
          "webhook-id": deliveryId,
          "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
          ...sign(deliveryId, now, body),
        },
        body,
      }),
      toRefusal: () => undefined,
    };
  },
};
