import type { RedisConnection } from "@hookline/queue";
import { sha256, toBearerKey } from "@hookline/runtime";
import type { Request, RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import { type RedisReply, RedisStore } from "rate-limit-redis";
import type { Dependencies } from "../dependencies.ts";
import { toAsking } from "./client.ts";
import { ProblemError } from "./problem.ts";

/**
 * Counts a client's requests in Redis, so that all replicas share the count, and answers 429 past
 * `RATE_LIMIT_REQUESTS` in `RATE_LIMIT_WINDOW` ms. A client is its API key where one is asked for, else its address.
 * `undefined` when there is no limit: then no request pays for one.
 */
export function createRateLimit(deps: Dependencies): RequestHandler | undefined {
  const { RATE_LIMIT_REQUESTS: limit, RATE_LIMIT_WINDOW: windowMs, API_KEYS } = deps.settings;
  if (limit === 0) return undefined;
  const isKeyed = API_KEYS.length > 0;
  return rateLimit({
    windowMs,
    limit,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    identifier: "requests",
    keyGenerator: (request) => toCounted(request, isKeyed),
    handler: (request) => {
      throw new ProblemError("too_many_requests", {
        detail: `at most ${limit} requests in ${windowMs} ms`,
        retryAfterMs: toWaitMs(request, windowMs),
      });
    },
    store: new RedisStore({ prefix: deps.keys.requestCount(""), sendCommand: createSender(deps.redis) }),
    // With Redis away requests are answered 503 before they come here; a count that fails then is such an answer too.
    passOnStoreError: false,
    // These look for mistakes in how the library is set up, and ask for TRUST_PROXY in a log that is not ours.
    validate: false,
  });
}

/** Where no key is asked for, what claims to be one says nothing; where one is, it was checked before. */
function toCounted(request: Request, isKeyed: boolean): string {
  const key = isKeyed ? toBearerKey(request.get("authorization")) : undefined;
  return key === undefined ? `address:${toAsking(request)}` : `key:${sha256(key)}`;
}

function toWaitMs(request: Request, windowMs: number): number {
  const { rateLimit: info } = request as Request & { rateLimit?: { resetTime?: Date } };
  return info?.resetTime === undefined ? windowMs : Math.max(0, info.resetTime.getTime() - Date.now());
}

/**
 * The store loads its script once and calls it by its digest: lost where Redis was away at the start, and, in a
 * Cluster, loaded on any one node. So loading sends nothing and the script stands for its digest.
 */
function createSender(redis: RedisConnection): (...command: string[]) => Promise<RedisReply> {
  return async (name = "", ...rest) => {
    if (name === "SCRIPT") return rest[1] ?? "";
    if (name !== "EVALSHA") throw new Error(`the rate limit's store sent ${name}`);
    const [script = "", count = "", ...keysAndValues] = rest;
    const reply: unknown = await redis.eval(script, count, ...keysAndValues);
    return reply as RedisReply;
  };
}
