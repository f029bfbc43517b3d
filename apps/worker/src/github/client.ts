import type { RedisConnection } from "@hookline/queue";
import type { Keys, Logger } from "@hookline/runtime";
import type { TraceCall } from "@hookline/telemetry";
import { createConditionalCache } from "./conditional-cache.ts";
import { createExchange, type ExchangeOptions } from "./exchange.ts";
import { createSendRequest, type GithubTimeouts } from "./http.ts";
import type { Resource } from "./limit-decision.ts";
import { createNameCache, type NameCache } from "./name-cache.ts";
import { createRateLimit, type LimitState, toCredential } from "./rate-limit.ts";
import { createSession, type GithubSession } from "./session.ts";

export interface GithubClientOptions {
  /** `https://api.github.com`, or `https://host/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: URL;
  /** Without a token GitHub is asked anonymously: 60 requests an hour. */
  readonly token: string | undefined;
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly log: Logger;
  readonly onRequest?: ExchangeOptions["onRequest"];
  /** Makes requests parts of the trace of the work they are for. */
  readonly trace?: TraceCall;
  readonly now?: () => number;
  /** ms for each phase of a request; defaults 5 s to find and reach GitHub, 30 s for its answer, 60 s in all. */
  readonly timeouts?: Partial<GithubTimeouts>;
}

export interface GithubClient {
  /** "anonymous", or a hash of the token. */
  readonly credential: string;
  readonly isAnonymous: boolean;
  readonly names: NameCache;
  readonly log: Logger;
  /** Begins a piece of work, whose requests are counted and aborted together. */
  open(signal?: AbortSignal): GithubSession;
  /** What all replicas know of our limit. */
  readLimit(resource: Resource): Promise<LimitState>;
}

/** A polite GitHub client: conditional, limited in concurrency, and sharing what it learns of limits through Redis. */
export function createGithubClient(options: GithubClientOptions): GithubClient {
  const { apiUrl, redis, keys, log, onRequest, trace, timeouts, now = Date.now } = options;
  // An empty variable is no token.
  const token = options.token || undefined;
  const credential = toCredential(token);
  const limit = createRateLimit({ redis, keys, log, credential, now });
  const exchange = createExchange({ send: createSendRequest({ token, timeouts }), limit, log, onRequest, trace });
  const cache = createConditionalCache({ redis, keys, credential });
  return {
    credential,
    isAnonymous: token === undefined,
    names: createNameCache(redis, keys),
    log,
    open: (signal) => createSession({ apiUrl, exchange, cache, signal }),
    readLimit: (resource) => limit.read(resource),
  };
}
