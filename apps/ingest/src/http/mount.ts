import type { Operation } from "@hookline/contracts";
import type { RequestHandler, Router } from "express";
import type { Dependencies } from "../dependencies.ts";
import { requireApiKey } from "./auth.ts";
import type { Guard } from "./guesses.ts";
import { toLoggedPath } from "./logged-path.ts";
import { ProblemError } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Mounts handlers as the contract describes them: method, path and whether a key is needed come from there. */
export type Mount = (operation: Operation, ...handlers: RequestHandler[]) => void;

export function createMount(router: Router, deps: Dependencies, guard: Guard): Mount {
  const authenticate = requireApiKey(deps.settings.API_KEYS, guard);
  const rateLimit = createRateLimit(deps);
  return (operation, ...handlers) => {
    const guards = operation.isOpen === true ? [] : [authenticate];
    // A probe or a scrape that is refused would say that something is wrong.
    if (rateLimit !== undefined && operation.tag !== "service") guards.push(requireRedis(deps), rateLimit);
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    router[operation.method](path, measure(deps, operation), ...guards, ...handlers);
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

function measure(deps: Dependencies, operation: Operation): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    response.once("finish", () => {
      const seconds = (performance.now() - start) / 1000;
      deps.metrics.observeRequest(
        { method: request.method, route: operation.path, status: response.statusCode },
        seconds,
      );
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
