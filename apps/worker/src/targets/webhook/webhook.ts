import { parseSigningSecrets } from "@hookline/runtime";
import { mergeHeaders } from "../headers.ts";
import type { TargetKind } from "../target.ts";
import { createSigner } from "./sign.ts";

/** A webhook: the document as JSON, signed per Standard Webhooks when there is a secret. */
export const webhookKind: TargetKind<"webhook"> = {
  kind: "webhook",
  // Whose receiver it is decides its pace; a quarter of what a replica works on at once, so that others go on.
  defaults: { intervalMs: 0, maxInFlight: 50 },
  create(options, { name, isFromRequest, limits }) {
    const url = new URL(options.url);
    const sign = createSigner(parseSigningSecrets(options.secret ?? ""));
    return {
      name,
      kind: "webhook",
      isFromRequest,
      limits,
      threading: "none",
      toRequest: ({ deliveryId, body }, { now }) => {
        const seconds = Math.floor(now.getTime() / 1000);
        const headers = mergeHeaders(options.headers, {
          "content-type": "application/json",
          "webhook-id": deliveryId,
          "webhook-timestamp": String(seconds),
          ...sign(deliveryId, seconds, body),
        });
        return { url, headers, body };
      },
      read: () => undefined,
    };
  },
};
