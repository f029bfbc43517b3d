import type { IncomingMessage } from "node:http";
import { ANONYMOUS, toCredential } from "./identity.ts";

export interface LoggedRequest {
  /** Arrival, ms since the epoch. */
  at: number;
  method: string;
  /** As requested, with query. */
  path: string;
  /** 0 while there is no answer, and for ever when a fault gave none. */
  status: number;
  /** "anonymous" or "token:" and 8 hex digits; the token itself is not kept. */
  credential: string;
  /** It carried If-None-Match. */
  conditional: boolean;
  userAgent: string | undefined;
  traceparent: string | undefined;
}

/** Every request in order of arrival. */
export class RequestLog {
  requests: LoggedRequest[] = [];

  open(request: IncomingMessage): LoggedRequest {
    const { authorization, "user-agent": userAgent, "if-none-match": ifNoneMatch, traceparent } = request.headers;
    const entry: LoggedRequest = {
      at: Date.now(),
      method: request.method ?? "GET",
      path: request.url ?? "/",
      status: 0,
      credential: authorization === undefined ? ANONYMOUS : toCredential(authorization.replace(/^\w+ +/, "")),
      conditional: ifNoneMatch !== undefined,
      userAgent,
      traceparent: traceparent?.toString(),
    };
    this.requests.push(entry);
    return entry;
  }

  reset(): void {
    this.requests = [];
  }

  countByStatus(): Record<number, number> {
    const counts: Record<number, number> = {};
    for (const { status } of this.requests) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }
}
