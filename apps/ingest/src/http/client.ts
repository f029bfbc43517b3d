import type { IncomingMessage } from "node:http";
import { type ConnectionLimits, type Logger, toClient } from "@hookline/runtime";
import type { Express } from "express";
import type { IngestSettings } from "../config.ts";
import type { TrustProxy } from "../trust-proxy.ts";

/** Whom Express takes a request's address from: the connection, unless it is a trusted proxy's. */
export function trustProxy(app: Express, trusted: TrustProxy | undefined): void {
  if (trusted !== undefined) app.set("trust proxy", typeof trusted === "number" ? trusted : [...trusted]);
}

/** Who asks: the address that the nearest trusted proxy saw, which Express tells, else that of the connection. */
export function toAsking(request: IncomingMessage & { readonly ip?: string | undefined }): string {
  return toClient(request.ip ?? request.socket.remoteAddress);
}

/** How many connections ingest takes, and from whom. */
export function toConnectionLimits(app: Express, settings: IngestSettings, log: Logger): ConnectionLimits {
  const isTrusted: unknown = app.get("trust proxy fn");
  return {
    total: settings.MAX_CONNECTIONS,
    perClient: settings.MAX_CONNECTIONS_PER_CLIENT,
    isProxy: (address) => typeof isTrusted === "function" && isTrusted(address, 0) === true,
    onRefused: (reason, client) => log.warn("connections.refused", { reason, client }),
  };
}
