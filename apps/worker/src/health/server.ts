import type { RequestListener, ServerResponse } from "node:http";
import { type RedisState, redisAlarms } from "@hookline/queue";
import { createSecretMatcher, toBearerKey } from "@hookline/runtime";
import type { Registry } from "prom-client";
import type { Progress } from "./progress.ts";

export interface HealthOptions {
  readonly apiKeys: readonly string[];
  readonly registry: Registry;
  readonly progress: () => Promise<Progress>;
  readonly redis: () => Promise<RedisState | "away">;
  readonly isDraining: () => boolean;
}

/** Nothing here is a page: a browser shows, keeps and frames none of it. */
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A worker's own routes: `/healthz` (does it get on?), `/readyz` (does Redis do its work?), `/metrics`. */
export function createHealthListener(options: HealthOptions): RequestListener {
  const matches = createSecretMatcher(options.apiKeys);
  const isAllowed = (authorization: string | undefined) =>
    options.apiKeys.length === 0 || matches(toBearerKey(authorization) ?? "");
  const answer = async (path: string, authorization: string | undefined, response: ServerResponse): Promise<void> => {
    switch (path) {
      case "/healthz": {
        const progress = await options.progress();
        return sendJson(response, progress.isStuck ? 503 : 200, {
          status: progress.isStuck ? "stuck" : "ok",
          ...progress,
        });
      }
      case "/readyz": {
        const reason = await whyNotReady(options);
        return reason === undefined
          ? sendJson(response, 200, { status: "ready" })
          : sendJson(response, 503, { status: "not ready", reason });
      }
      case "/metrics":
        if (!isAllowed(authorization)) return sendJson(response, 401, { status: "an API key is needed" });
        response.setHeader("content-type", options.registry.contentType);
        return void response.end(await options.registry.metrics());
      default:
        return sendJson(response, 404, { status: "not found" });
    }
  };
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("allow", "GET, HEAD");
      return sendJson(response, 405, { status: "method not allowed" });
    }
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    answer(path, request.headers.authorization, response).catch(() => sendJson(response, 500, { status: "failed" }));
  };
}

async function whyNotReady(options: HealthOptions): Promise<string | undefined> {
  if (options.isDraining()) return "the process is shutting down";
  const state = await options.redis();
  return state === "ready" ? undefined : redisAlarms[state];
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}
