import type { Operation } from "@hookline/contracts";
import type { RequestHandler, Router } from "express";
import type { Dependencies } from "../dependencies.ts";
import { requireApiKey } from "./auth.ts";
import { toLoggedPath } from "./logged-path.ts";
import { type PlainHandler, toPath } from "./plain-handler.ts";
import { ProblemError } from "./problem.ts";

/** Mounts handlers as the contract describes them: method, path and whether a key is needed come from there. */
export interface Mount {
  (operation: Operation, ...handlers: RequestHandler[]): void;
  /** Mounts an operation that need not wait for Express; its path has no parameters. */
  direct(operation: Operation, ...handlers: PlainHandler[]): void;
}

/** `onDirect` is told of the operations that need not wait for Express, with all their handlers. */
export function createMount(
  router: Router,
  deps: Dependencies,
  onDirect: (operation: Operation, handlers: readonly PlainHandler[]) => void,
): Mount {
  const authenticate = requireApiKey(deps.settings.API_KEYS);
  const toGuards = (operation: Operation): PlainHandler[] => [
    measure(deps, operation.path),
    ...(operation.isOpen === true ? [] : [authenticate]),
  ];
  const mount = (operation: Operation, ...handlers: RequestHandler[]) => {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    router[operation.method](path, ...handlers);
  };
  return Object.assign(
    (operation: Operation, ...handlers: RequestHandler[]) => mount(operation, ...toGuards(operation), ...handlers),
    {
      direct(operation: Operation, ...handlers: PlainHandler[]) {
        const all = [...toGuards(operation), ...handlers];
        mount(operation, ...all);
        onDirect(operation, all);
      },
    },
  );
}

/** Answers 503 at once while Redis is away, before anything could hang on it. */
export function requireRedis(deps: Dependencies): PlainHandler {
  return (_request, _response, next) => {
    if (deps.redis.status !== "ready") {
      throw new ProblemError("unavailable", { detail: "Redis cannot be reached; nothing was queued" });
    }
    next();
  };
}

/** Counts, times and logs requests under a route's name, of which there are few. */
export function measure(deps: Dependencies, route: string): PlainHandler {
  return (request, response, next) => {
    const start = performance.now();
    deps.tracing.serve(request, response, route);
    response.once("finish", () => {
      const seconds = (performance.now() - start) / 1000;
      deps.metrics.observeRequest({ method: request.method ?? "", route, status: response.statusCode }, seconds);
      deps.log.debug("http.answered", {
        requestId: response.getHeader("x-request-id"),
        method: request.method,
        path: toLoggedPath(toPath(request)),
        status: response.statusCode,
        durationMs: Math.round(seconds * 1000),
      });
    });
    next();
  };
}
