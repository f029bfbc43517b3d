import type { IncomingHttpHeaders } from "node:http";

/** One request as the receiver got it. */
export interface Received {
  /** Arrival, ms since the epoch. */
  at: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
  /** Absent where the body is no JSON. */
  json?: unknown;
  /** null: the receiver has no secret. */
  verified: boolean | null;
  verifyError?: string;
  /** What it was answered; 0 while there is no answer. */
  status: number;
}

/** The `webhook-id` of a request, if it has one. */
export function toWebhookId(received: Received): string | undefined {
  const id = received.headers["webhook-id"];
  return typeof id === "string" ? id : undefined;
}

/** Parsed JSON as a spreadable member, or nothing where the text is none. */
export function toJsonMember(rawBody: Buffer): { json?: unknown } {
  try {
    return { json: JSON.parse(rawBody.toString("utf8")) };
  } catch {
    // Recorded as it came: what is no JSON has a raw body and no `json`.
    return {};
  }
}
