import type { Operation } from "@hookline/contracts";
import type { RequestHandler, Router } from "express";
import type { Dependencies } from "../dependencies.ts";
import { requireApiKey } from "./auth.ts";
import type { Guard } from "./guesses.ts";
import { toLoggedPath } from "./logged-path.ts";
import { type PlainHandler, toPath } from "./plain-handler.ts";
import { ProblemError } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Mounts handlers as the contract describes them: method, path and whether a key is needed come from there. */
export interface Mount {
  (operation: Operation, ...handlers: RequestHandler[]): void;
  /** Mounts an operation that need not wait for Express; its path has no parameters. */
  direct(operation: Operation, ...handlers: PlainHandler[]): void;
}

export interface MountOptions {
  readonly deps: Dependencies;
  readonly guard: Guard;
  /** Told of the operations that need not wait for Express, with all their handlers. */
  readonly onDirect: (operation: Operation, handlers: readonly PlainHandler[]) => void;
}

export function createMount(router: Router, { deps, guard, onDirect }: MountOptions): Mount {
  const authenticate = requireApiKey(deps.settings.API_KEYS, guard);
  const rateLimit = createRateLimit(deps);
  const limits = rateLimit === undefined ? [] : [requireRedis(deps), rateLimit];
  // Who is behind a proxy, and how much each has asked for, is found out in Express.
  const hasDirect = rateLimit === undefined && deps.settings.TRUST_PROXY === undefined;
  const toGuards = (operation: Operation): PlainHandler[] => [
    measure(deps, operation.path),
    ...(operation.isOpen === true ? [] : [authenticate]),
  ];
  const mount = (operation: Operation, ...handlers: RequestHandler[]) => {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ":$1");
    // A probe or a scrape that is refused would say that something is wrong.
    const limited = operation.tag === "service" ? [] : limits;
    router[operation.method](path, ...toGuards(operation), ...limited, ...handlers);
  };
  return Object.assign(mount, {
    direct(operation: Operation, ...handlers: PlainHandler[]) {
      mount(operation, ...handlers);
      if (hasDirect) onDirect(operation, [...toGuards(operation), ...handlers]);
    },
  });
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
