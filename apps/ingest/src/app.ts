import { operations } from "@hookline/contracts";
import express, { type Express, type RequestHandler } from "express";
import helmet from "helmet";
import type { Dependencies } from "./dependencies.ts";
import { refuseCrossSite, requireLoopbackName } from "./http/auth.ts";
import { BOARD_PATH, createBoard } from "./http/board.ts";
import { trustProxy } from "./http/client.ts";
import { mountDeliveries } from "./http/deliveries.ts";
import { createDocs } from "./http/docs.ts";
import { createGuard } from "./http/guesses.ts";
import { toLoggedPath } from "./http/logged-path.ts";
import { createMount } from "./http/mount.ts";
import { problemHandler, sendProblem } from "./http/problem.ts";
import { requestId } from "./http/request-id.ts";
import { mountService } from "./http/service.ts";
import { mountTargets } from "./http/targets.ts";
import { mountTasks } from "./http/tasks.ts";
import { mountWebhooks, refuseUnknownWebhook, WEBHOOKS_PATH } from "./http/webhooks.ts";

/** The HTTP application: middleware and routes. It never listens. */
export function createApp(deps: Dependencies): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(requestId, securityHeaders, requireLoopbackName(deps.settings), refuseCrossSite);

  trustProxy(app, deps.settings.TRUST_PROXY);
  const guard = createGuard(deps.settings.AUTH_FAILURE_LIMIT);
  const mount = createMount(app, deps, guard);
  mountTasks(mount, deps);
  mountDeliveries(mount, deps);
  mountTargets(mount, deps);
  mountWebhooks(mount, deps, guard);
  mountService(mount, deps);

  app.use("/docs", createDocs());
  const board = createBoard(deps, guard);
  if (board !== undefined) app.use(BOARD_PATH, board);

  app.use(refuseMethod);
  app.use(WEBHOOKS_PATH, refuseUnknownWebhook);
  app.use((_request, response) => sendProblem(response, "not_found", { detail: "there is no such route" }));
  app.use(problemHandler(deps.log));
  return app;
}

/** Pages load nothing from elsewhere and are framed by nobody. Plain HTTP stays possible: TLS ends before us. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'", "data:"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  xFrameOptions: { action: "deny" },
});

const methodsByPath = Object.values(operations).map(({ path, method }) => ({
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}/?$`),
  method: method.toUpperCase(),
}));

/** A known path asked for with another method is told which ones there are. */
const refuseMethod: RequestHandler = (request, response, next) => {
  const allowed = methodsByPath.filter(({ pattern }) => pattern.test(request.path)).map(({ method }) => method);
  if (allowed.length === 0) return next();
  response.setHeader("allow", allowed.join(", "));
  return sendProblem(response, "method_not_allowed", {
    detail: `${toLoggedPath(request.path)} answers ${allowed.join(", ")}`,
  });
};
