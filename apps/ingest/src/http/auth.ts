import { createSecretFinder, toBearerKey } from "@hookline/runtime";
import type { Guard } from "./guesses.ts";
import type { PlainHandler } from "./plain-handler.ts";
import { ProblemError } from "./problem.ts";

/** Asks for one of the API keys as `Authorization: Bearer`; without any configured, lets everybody in. */
export function requireApiKey(apiKeys: readonly string[], guard: Guard): PlainHandler {
  if (apiKeys.length === 0) return (_request, _response, next) => next();
  const find = createSecretFinder(apiKeys.map((key) => [key, true]));
  return (request, _response, next) => {
    const key = toBearerKey(request.headers.authorization);
    if (key === undefined)
      throw new ProblemError("unauthorized", { detail: "send an API key as Authorization: Bearer" });
    if (guard(request, key, find) === undefined)
      throw new ProblemError("unauthorized", { detail: "the API key is not valid" });
    next();
  };
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses changes that another site's page asks a browser for: browsers add the board's password, and reach an
 * open service on loopback, by themselves. Clients that are no browsers send no `Sec-Fetch-Site`.
 */
export const refuseCrossSite: PlainHandler = (request, _response, next) => {
  const site = request.headers["sec-fetch-site"];
  const isForeign = site !== undefined && site !== "same-origin" && site !== "none";
  if (isForeign && !SAFE_METHODS.has(request.method ?? "")) {
    throw new ProblemError("forbidden", { detail: "requests from pages of other sites are refused" });
  }
  next();
};

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * While the service is open on loopback, its only protection is that others cannot connect. A page whose own name is
 * made to resolve to 127.0.0.1 (DNS rebinding) could, from this machine's browser: its requests carry that name.
 */
export function requireLoopbackName(settings: {
  readonly HOST: string | undefined;
  readonly API_KEYS: readonly string[];
}): PlainHandler {
  const isOpenOnLoopback = settings.HOST === undefined && settings.API_KEYS.length === 0;
  return (request, _response, next) => {
    if (isOpenOnLoopback && !LOOPBACK_HOST.test(request.headers.host ?? "")) {
      throw new ProblemError("forbidden", {
        detail: "without API_KEYS and HOST the service answers to localhost only",
      });
    }
    next();
  };
}
