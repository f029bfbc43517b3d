import { operations } from "@hookline/contracts";
import express, { type Express, type RequestHandler } from "express";
import type { Dependencies } from "./dependencies.ts";
import { refuseCrossSite, requireLoopbackName } from "./http/auth.ts";
import { BOARD_PATH, createBoard } from "./http/board.ts";
import { trustProxy } from "./http/client.ts";
import { mountDeliveries } from "./http/deliveries.ts";
import { createDocs } from "./http/docs.ts";
import { createGuard } from "./http/guesses.ts";
import { toLoggedPath } from "./http/logged-path.ts";
import { createMount, measure } from "./http/mount.ts";
import { ProblemError, problemHandler } from "./http/problem.ts";
import { requestId } from "./http/request-id.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { mountService } from "./http/service.ts";
import { createShortcut } from "./http/shortcut.ts";
import { mountTargets } from "./http/targets.ts";
import { mountTasks } from "./http/tasks.ts";
import { mountWebhooks, refuseUnknownWebhook, WEBHOOKS_PATH } from "./http/webhooks.ts";
import { OTHER_ROUTE } from "./metrics-http.ts";

/** The HTTP application: middleware and routes. It never listens. What `shortcut` is given is answered in front of it. */
export function createApp(deps: Dependencies, shortcut = createShortcut()): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  const always = [requestId, securityHeaders, requireLoopbackName(deps.settings), refuseCrossSite];
  app.use(shortcut.rethrow, ...always);

  trustProxy(app, deps.settings.TRUST_PROXY);
  const guard = createGuard(deps.settings.AUTH_FAILURE_LIMIT);
  const mount = createMount(app, {
    ...{ deps, guard },
    onDirect: (operation, handlers) => shortcut.add(operation, [...always, ...handlers]),
  });
  mountTasks(mount, deps);
  mountDeliveries(mount, deps);
  mountTargets(mount, deps);
  mountWebhooks(mount, deps, guard);
  mountService(mount, deps);

  app.use(measure(deps, OTHER_ROUTE));
  app.use("/docs", createDocs());
  const board = createBoard(deps, guard);
  if (board !== undefined) app.use(BOARD_PATH, board);

  app.use(refuseMethod);
  app.use(WEBHOOKS_PATH, refuseUnknownWebhook);
  app.use(refuseRoute);
  app.use(problemHandler(deps.log, deps.metrics.countProblem));
  return app;
}

const methodsByPath = Object.values(operations).map(({ path, method }) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}/?$`),
  method: method.toUpperCase(),
}));

/** A known path asked for with another method is told which ones there are. */
const refuseMethod: RequestHandler = (request, response, next) => {
  const allowed = methodsByPath.filter(({ pattern }) => pattern.test(request.path)).map(({ method }) => method);
  if (allowed.length === 0) return next();
  response.setHeader("allow", allowed.join(", "));
  throw new ProblemError("method_not_allowed", {
    detail: `${toLoggedPath(request.path)} answers ${allowed.join(", ")}`,
  });
};

const refuseRoute: RequestHandler = () => {
  throw new ProblemError("not_found", { detail: "there is no such route" });
};
