import { ANONYMOUS, toCredential } from "./identity.ts";

export type Resource = "core" | "graphql";

export interface LimitInput {
  /** "anonymous", a token, or a token's logged name; left out: every credential. */
  credential?: string;
  /** Default "core". */
  resource?: Resource;
  limit?: number;
  remaining: number;
  /** Milliseconds since the epoch; default: the current window's end. */
  resetAt?: number;
}

export interface LimitState {
  limit: number;
  remaining: number;
  resetAt: number;
}

const WINDOW_MS = 3_600_000;

/** Primary limits: one window per credential and resource, filled again when its time has passed. */
export class RateLimits {
  readonly #states = new Map<string, LimitState>();
  readonly #everyone = new Map<Resource, LimitInput>();
  readonly #limits: { anonymous: number; token: number };

  constructor(limits: { anonymous: number; token: number }) {
    this.#limits = limits;
  }

  set(input: LimitInput): void {
    const resource = input.resource ?? "core";
    if (input.credential !== undefined) {
      apply(this.state(toKnownName(input.credential), resource), input);
      return;
    }
    this.#everyone.set(resource, input);
    for (const [key, state] of this.#states) if (key.endsWith(`|${resource}`)) apply(state, input);
  }

  /** The live state of a window, refilled when due. */
  state(credential: string, resource: Resource): LimitState {
    const key = `${credential}|${resource}`;
    const state = this.#states.get(key) ?? this.#create(credential, resource);
    this.#states.set(key, state);
    if (Date.now() >= state.resetAt) {
      state.remaining = state.limit;
      state.resetAt = Date.now() + WINDOW_MS;
    }
    return state;
  }

  consume(credential: string, resource: Resource): void {
    const state = this.state(credential, resource);
    state.remaining = Math.max(0, state.remaining - 1);
  }

  #create(credential: string, resource: Resource): LimitState {
    const limit = credential === ANONYMOUS ? this.#limits.anonymous : this.#limits.token;
    const state = { limit, remaining: limit, resetAt: Date.now() + WINDOW_MS };
    const forEveryone = this.#everyone.get(resource);
    if (forEveryone) apply(state, forEveryone);
    return state;
  }
}

/** GitHub's five headers; the reset is rounded up, so that who waits for it is not early. */
export function toLimitHeaders(state: LimitState, resource: Resource): Record<string, string> {
  return {
    "x-ratelimit-limit": String(state.limit),
    "x-ratelimit-remaining": String(state.remaining),
    "x-ratelimit-used": String(state.limit - state.remaining),
    "x-ratelimit-reset": String(Math.ceil(state.resetAt / 1000)),
    "x-ratelimit-resource": resource,
  };
}

/** The body of one resource in GET /rate_limit. */
export function toLimitJson(state: LimitState): Record<string, number> {
  const { limit, remaining, resetAt } = state;
  return { limit, remaining, used: limit - remaining, reset: Math.ceil(resetAt / 1000) };
}

function apply(state: LimitState, input: LimitInput): void {
  state.limit = input.limit ?? Math.max(state.limit, input.remaining);
  state.remaining = input.remaining;
  state.resetAt = input.resetAt ?? state.resetAt;
}

function toKnownName(credential: string): string {
  return credential === ANONYMOUS || /^token:[0-9a-f]{8}$/.test(credential) ? credential : toCredential(credential);
}
