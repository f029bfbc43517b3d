import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { ExpressAdapter } from "@bull-board/express";
import { type OpenQueue, toTargetName } from "@hookline/queue";
import { createSecretMatcher } from "@hookline/runtime";
import express, { type RequestHandler, type Router } from "express";
import type { Dependencies } from "../dependencies.ts";
import { requireRedis } from "./mount.ts";
import { sendProblem } from "./problem.ts";

export const BOARD_PATH = "/board";

/** Bull Board on the real queues, or `undefined` when API keys are set and the board has no password. */
export function createBoard(deps: Dependencies): Router | undefined {
  const { API_KEYS, BOARD_USER, BOARD_PASSWORD } = deps.settings;
  if (API_KEYS.length > 0 && BOARD_PASSWORD === undefined) return undefined;
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(BOARD_PATH);
  createBullBoard({
    queues: Object.values<OpenQueue>(deps.queues).map(toAdapter),
    serverAdapter,
    options: { uiConfig: { boardTitle: "Hookline" } },
  });
  const router = express.Router();
  if (BOARD_PASSWORD !== undefined) router.use(requireBasic(BOARD_USER ?? "admin", BOARD_PASSWORD));
  router.use(requireRedis(deps), serverAdapter.getRouter());
  return router;
}

function toAdapter({ queue }: OpenQueue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue);
  adapter.setFormatter("data", maskTargets);
  return adapter;
}

/** The path of a target's URL may be a secret (chat services' are): the board shows its host only. */
function maskTargets(data: unknown): unknown {
  if (typeof data !== "object" || data === null) return data;
  const { target, targets } = data as { target?: unknown; targets?: unknown };
  return {
    ...data,
    ...(target === undefined ? {} : { target: maskTarget(target) }),
    ...(Array.isArray(targets) ? { targets: targets.map(maskTarget) } : {}),
  };
}

function maskTarget(target: unknown): unknown {
  const { kind, url } = (target ?? {}) as { kind?: unknown; url?: unknown };
  return kind === "webhook" && typeof url === "string" ? toTargetName({ kind, url }) : target;
}

function requireBasic(user: string, password: string): RequestHandler {
  const matches = createSecretMatcher([`${user}:${password}`]);
  return (request, response, next) => {
    const encoded = /^Basic +(\S+)$/i.exec(request.get("authorization") ?? "")?.[1] ?? "";
    if (matches(Buffer.from(encoded, "base64").toString("utf8"))) return next();
    sendProblem(response, "unauthorized", { detail: "the board asks for its user name and password" });
    return undefined;
  };
}
