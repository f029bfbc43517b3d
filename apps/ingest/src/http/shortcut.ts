import type { RequestListener } from "node:http";
import type { Operation } from "@hookline/contracts";
import type { Express } from "express";
import type { PlainHandler } from "./plain-handler.ts";

/**
 * The way past Express for the routes that a great many requests take: its router and what it does to every request
 * cost more than all that these routes do. A route is mounted with the same handlers in both. Express answers
 * everything else, other spellings of the same path included, and every request of which a handler threw.
 */
export interface Shortcut {
  /** Answers an operation without parameters in its path by these handlers. */
  add(operation: Operation, handlers: readonly PlainHandler[]): void;
  /** Listens in front of the application. */
  before(app: Express): RequestListener;
  /** Stands first in the application: throws there what was thrown in front of it. */
  readonly rethrow: PlainHandler;
}

type Request = Parameters<PlainHandler>[0];

export function createShortcut(): Shortcut {
  const routes = new Map<string, readonly PlainHandler[]>();
  const failures = new WeakMap<Request, { readonly error: unknown }>();
  return {
    add: ({ method, path }, handlers) => void routes.set(`${method.toUpperCase()} ${path}`, handlers),
    before: (app) => (request, response) => {
      const handlers = routes.get(`${request.method} ${request.url}`);
      if (handlers === undefined) return app(request, response);
      runInTurn(handlers, [request, response], (error) => {
        failures.set(request, { error });
        app(request, response);
      });
    },
    rethrow(request, _response, next) {
      const failure = failures.get(request);
      if (failure !== undefined) throw failure.error;
      next();
    },
  };
}

/** Runs handlers the way Express does: each calls `next` for the following one, or throws, also later. */
function runInTurn(
  handlers: readonly PlainHandler[],
  [request, response]: readonly [Request, Parameters<PlainHandler>[1]],
  fail: (error: unknown) => void,
): void {
  let index = 0;
  const next = (error?: unknown) => {
    if (error !== undefined) return fail(error);
    const handler = handlers[index];
    index += 1;
    try {
      handler?.(request, response, next)?.catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  };
  next();
}
