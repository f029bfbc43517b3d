import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import type { AppViewRoute } from "@bull-board/api/typings/app";
import { ExpressAdapter } from "@bull-board/express";
import { type InlineTarget, InlineTargetSchema } from "@hookline/contracts";
import { type OpenQueue, toTargetName } from "@hookline/queue";
import { createSecretFinder, createValidator } from "@hookline/runtime";
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from "express";
import type { Dependencies } from "../dependencies.ts";
import type { Guard } from "./guesses.ts";
import { requireRedis } from "./mount.ts";
import { ProblemError } from "./problem.ts";

export const BOARD_PATH = "/board";

/** Bull Board on the real queues, or `undefined` when API keys are set and the board has no password. */
export function createBoard(deps: Dependencies, guard: Guard): Router | undefined {
  const { API_KEYS, BOARD_USER, BOARD_PASSWORD } = deps.settings;
  if (API_KEYS.length > 0 && BOARD_PASSWORD === undefined) return undefined;
  const serverAdapter = new OfflineAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: Object.values<OpenQueue>(deps.queues).map(toAdapter),
    serverAdapter,
    options: { uiConfig: { boardTitle: "Hookline" } },
  });
  const router = express.Router();
  if (BOARD_PASSWORD !== undefined) {
    router.use(requireBasic(`${BOARD_USER ?? "admin"}:${BOARD_PASSWORD}`, guard));
  }
  const pages = serverAdapter.getRouter() as Express;
  pages.disable("x-powered-by");
  router.use(allowInlineStyles, refuseWriting, requireRedis(deps), pages);
  return router;
}

/** Bull Board lays its rows out by style attributes; its scripts are files, like everybody's. */
const allowInlineStyles: RequestHandler = (_request, response, next) => {
  const policy = String(response.getHeader("content-security-policy"));
  response.setHeader("content-security-policy", policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"));
  next();
};

/** What the board may change: which jobs run, when, and which are kept. Anything not listed is refused. */
const STEERING =
  /^\/api\/queues\/(?:[^/]+\/){0,2}(?:pause|resume|promote|retry|clean|empty|delay|priority)(?:\/[a-z-]+)?$/;

/**
 * Bull Board can also add jobs and edit their data: with that anybody who sees the board could have digests posted
 * anywhere. What jobs say is checked where tasks are asked for.
 */
const refuseWriting: RequestHandler = (request, _response, next) => {
  if (request.method === "GET" || request.method === "HEAD" || STEERING.test(request.path)) return next();
  throw new ProblemError("forbidden", { detail: "the board steers jobs and writes none: use POST /tasks" });
};

/** Bull Board's page without the fonts that it would load from elsewhere. */
class OfflineAdapter extends ExpressAdapter {
  override setEntryRoute({ method, route, handler }: AppViewRoute): this {
    this.app[method](route, (_request: Request, response: Response, next: NextFunction) => {
      const { name, params } = handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      response.render(name, params, (error, html) => {
        if (error) next(error);
        else response.send(html.replaceAll(/<link [^<>]*>/g, withoutOthers));
      });
    });
    return this;
  }
}

const withoutOthers = (tag: string) => (/href="https?:/.test(tag) ? "" : tag);

function toAdapter({ queue }: OpenQueue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue);
  adapter.setFormatter("data", maskTargets);
  return adapter;
}

/** Jobs of older versions hold the URLs of targets that requests brought along, which may be secrets: their names are shown. */
function maskTargets(data: unknown): unknown {
  if (typeof data !== "object" || data === null) return data;
  const { target, targets } = data as { target?: unknown; targets?: unknown };
  return {
    ...data,
    ...(target === undefined ? {} : { target: maskTarget(target) }),
    ...(Array.isArray(targets) ? { targets: targets.map(maskTarget) } : {}),
  };
}

const validateInline = createValidator<InlineTarget>(InlineTargetSchema);

function maskTarget(target: unknown): unknown {
  const validation = validateInline(target);
  return validation.isValid ? toTargetName(validation.value) : target;
}

function requireBasic(userAndPassword: string, guard: Guard): RequestHandler {
  const find = createSecretFinder([[userAndPassword, true]]);
  return (request, _response, next) => {
    const encoded = /^Basic +(\S+)$/i.exec(request.get("authorization") ?? "")?.[1];
    const given = encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
    if (given !== undefined && guard(request, given, find) !== undefined) return next();
    // A browser asks its user for them only when it is told that they are Basic ones.
    const challenge = 'Basic realm="hookline board", charset="UTF-8"';
    throw new ProblemError("unauthorized", {
      detail: "the board asks for its user name and password",
      challenge,
    });
  };
}
