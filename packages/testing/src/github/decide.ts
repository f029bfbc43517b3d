import { type Answer, toErrorAnswer, toMissingUserAgent } from "./answer.ts";
import type { Call } from "./call.ts";
import { toConditional } from "./conditional.ts";
import { answerGraphql, toGraphqlLimited } from "./graphql.ts";
import { ANONYMOUS } from "./identity.ts";
import { type RateLimits, type Resource, toLimitHeaders, toLimitJson } from "./rate-limits.ts";
import { route } from "./routes.ts";
import type { SecondaryLimit } from "./secondary-limit.ts";
import type { World } from "./world.ts";

export interface Rules {
  world: World;
  limits: RateLimits;
  secondary: SecondaryLimit;
  exhaustedStatus: 403 | 429;
}

/** The answer to a request, in GitHub's order of checks: User-Agent, token, secondary limit, primary limit, route, ETag. */
export function decide(call: Call, rules: Rules): Answer {
  if (call.userAgent === undefined || call.userAgent === "") return toMissingUserAgent();
  const answer = rules.secondary.answer() ?? answerByLimits(call, rules);
  return { ...answer, headers: { ...toCurrentLimitHeaders(call, rules.limits), ...answer.headers } };
}

/** The rate-limit headers as they stand for this caller. */
export function toCurrentLimitHeaders(call: Call, limits: RateLimits): Record<string, string> {
  const resource = toResource(call);
  return toLimitHeaders(limits.state(toPayer(call), resource), resource);
}

function answerByLimits(call: Call, rules: Rules): Answer {
  const { limits, world } = rules;
  const isKnown = call.identity.kind !== "bad";
  if (isKnown && call.path === "/rate_limit" && call.method === "GET") return toRateLimitAnswer(call, limits);
  const resource = toResource(call);
  const state = limits.state(toPayer(call), resource);
  const isGraphql = resource === "graphql";
  if (isGraphql && call.identity.kind === "anonymous") return toUnauthorized();
  if (state.remaining === 0) return isGraphql ? toGraphqlLimited() : toExhausted(rules.exhaustedStatus);
  const answer = isKnown ? answerKnown(call, world) : toErrorAnswer(401, "Bad credentials");
  const isFree = answer.status === 304 && call.identity.kind === "token";
  if (!isFree) limits.consume(toPayer(call), resource);
  return answer;
}

function answerKnown(call: Call, world: World): Answer {
  return toResource(call) === "graphql" ? answerGraphql(call, world.users) : toConditional(route(call, world), call);
}

function toResource(call: Call): Resource {
  return call.path === "/graphql" && call.method === "POST" ? "graphql" : "core";
}

// Who comes with a bad token pays like somebody without one.
function toPayer({ identity }: Call): string {
  return identity.kind === "bad" ? ANONYMOUS : identity.credential;
}

function toUnauthorized(): Answer {
  return toErrorAnswer(401, "This endpoint requires you to be authenticated.");
}

function toExhausted(status: 403 | 429): Answer {
  return toErrorAnswer(
    status,
    "API rate limit exceeded for 127.0.0.1. (Authenticated requests get a higher rate limit.)",
  );
}

function toRateLimitAnswer(call: Call, limits: RateLimits): Answer {
  const core = toLimitJson(limits.state(toPayer(call), "core"));
  const graphql = toLimitJson(limits.state(toPayer(call), "graphql"));
  return { status: 200, json: { resources: { core, graphql }, rate: core } };
}
