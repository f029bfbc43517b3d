import type { ReceiverBehaviour } from "./behaviour.ts";
import type { Received } from "./received.ts";

export interface RefusalContext {
  isTooLarge: boolean;
  anyContentType: boolean;
}

/** What a strict receiver answers to a request that is not to be answered as the test wishes; `undefined` when it is in order. */
export function toRefusal(received: Received, context: RefusalContext): ReceiverBehaviour | undefined {
  if (received.method !== "POST") return { status: 405, headers: { allow: "POST" }, body: "POST only" };
  if (context.isTooLarge) return { status: 413, body: "at most 20 MB" };
  const type = (received.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (!context.anyContentType && type !== "application/json") return { status: 415, body: "application/json only" };
  if (received.verified === false) return { status: 401, body: received.verifyError ?? "bad signature" };
  return undefined;
}
