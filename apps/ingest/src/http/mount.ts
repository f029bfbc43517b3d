import type { Operation } from "@hookline/contracts";
import type { RequestHandler, Router } from "express";
import type { Dependencies } from "../dependencies.ts";
import { requireApiKey } from "./auth.ts";
import { toLoggedPath } from "./logged-path.ts";
import { ProblemError } from "./problem.ts";

/** Mounts handlers as the contract describes them: method, path and whether a key is needed come from there. */
export type Mount = (operation: Operation, ...handlers: RequestHandler[]) => void;

export function createMount(router: Router, deps: Dependencies): Mount {
  const authenticate = requireApiKey(deps.settings.API_KEYS);
  return (operation, ...handlers) => {
    const guards = operation.isOpen === true ? [] : [authenticate];
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    router[operation.method](path, measure(deps, operation.path), ...guards, ...handlers);
  };
}

/** Answers 503 at once while Redis is away, before anything could hang on it. */
export function requireRedis(deps: Dependencies): RequestHandler {
  return (_request, _response, next) => {
    if (deps.redis.status !== "ready") {
      throw new ProblemError("unavailable", { detail: "Redis cannot be reached; nothing was queued" });
    }
    next();
  };
}

/** Counts, times and logs requests under a route's name, of which there are few. */
export function measure(deps: Dependencies, route: string): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    deps.tracing.serve(request, response, route);
    response.once("finish", () => {
      const seconds = (performance.now() - start) / 1000;
      deps.metrics.observeRequest({ method: request.method, route, status: response.statusCode }, seconds);
      deps.log.debug("http.answered", {
        requestId: response.getHeader("x-request-id"),
        method: request.method,
        path: toLoggedPath(request.path),
        status: response.statusCode,
        durationMs: Math.round(seconds * 1000),
      });
    });
    next();
  };
}
