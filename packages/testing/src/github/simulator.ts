import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { answerExtraRoute, type ExtraRoutes } from "../http/extra-routes.ts";
import { InFlight } from "../http/in-flight.ts";
import { type Listening, listen } from "../http/listen.ts";
import { readBody } from "../http/read-body.ts";
import { toErrorAnswer } from "./answer.ts";
import { toCall } from "./call.ts";
import { decide, toCurrentLimitHeaders } from "./decide.ts";
import { type Fault, type FaultMatcher, type FaultOptions, Faults } from "./faults.ts";
import type { RepositoryInput, UserInput } from "./inputs.ts";
import { type LimitInput, RateLimits } from "./rate-limits.ts";
import type { SimulatedRepository } from "./repository.ts";
import { type LoggedRequest, RequestLog } from "./request-log.ts";
import { SecondaryLimit, type SecondaryLimitInput } from "./secondary-limit.ts";
import { send, sendFault } from "./send.ts";
import type { SimulatedUser } from "./users.ts";
import { World } from "./world.ts";

export interface GithubSimulatorOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: a free one. */
  port?: number;
  /** Tokens that are good; every other one is answered 401. */
  tokens?: string[];
  /** Requests per hour; defaults 5,000 with a token and 60 without. */
  limits?: { token?: number; anonymous?: number };
  /** As GitHub Enterprise Server: REST below `/api/v3`, GraphQL at `/api/graphql`. */
  enterprise?: boolean;
  extraRoutes?: ExtraRoutes;
}

const MAX_BODY_BYTES = 1_000_000;
// A delay still running when the simulator is stopped must not keep the process alive.
const UNREF = { ref: false };

/** A strict GitHub on a local port. Made by {@link startGithubSimulator}. */
export class GithubSimulator {
  /** Good tokens. */
  readonly tokens: Set<string>;
  /** Status of the answer to a spent primary limit. */
  exhaustedStatus: 403 | 429 = 403;
  /** Time before every answer, ms. */
  latencyMs = 0;
  readonly #world = new World();
  readonly #limits: RateLimits;
  readonly #secondary = new SecondaryLimit();
  readonly #faults = new Faults();
  readonly #log = new RequestLog();
  readonly #inFlight = new InFlight();
  readonly #root: string;
  readonly #extraRoutes: ExtraRoutes;
  #listening: Listening | undefined;

  constructor(options: GithubSimulatorOptions) {
    this.tokens = new Set(options.tokens);
    this.#limits = new RateLimits({ token: 5_000, anonymous: 60, ...options.limits });
    this.#root = options.enterprise ? "/api/v3" : "";
    this.#extraRoutes = options.extraRoutes ?? {};
  }

  /** The API's address without a slash at the end: what `API_URL` takes. */
  get url(): string {
    return `${this.#listening?.url ?? ""}${this.#root}`;
  }

  get requests(): LoggedRequest[] {
    return this.#log.requests;
  }

  /** Most requests that were in work at the same time. */
  get maxConcurrent(): number {
    return this.#inFlight.max;
  }

  addRepository(input: RepositoryInput): SimulatedRepository {
    return this.#world.addRepository(input);
  }

  addUser(input: UserInput): SimulatedUser {
    return this.#world.users.add(input);
  }

  /** Renames or moves `owner/name`; the old name answers 301. */
  rename(from: string, to: string): void {
    this.#world.rename(from, to);
  }

  /** From now on `owner/name` answers 451. */
  blockLegally(fullName: string): void {
    this.#world.blockLegally(fullName);
  }

  /** From now on `owner/name` answers 404. */
  remove(fullName: string): void {
    this.#world.remove(fullName);
  }

  setLimit(input: LimitInput): void {
    this.#limits.set(input);
  }

  triggerSecondaryLimit(input: SecondaryLimitInput): void {
    this.#secondary.trigger(input);
  }

  fault(matcher: FaultMatcher, fault: Fault, options?: FaultOptions): void {
    this.#faults.add(matcher, fault, options);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Forgets the requests and the highest concurrency seen. */
  resetLog(): void {
    this.#log.reset();
    this.#inFlight.max = this.#inFlight.current;
  }

  countByStatus(): Record<number, number> {
    return this.#log.countByStatus();
  }

  /** Begins to listen; called once, by {@link startGithubSimulator}. */
  async start(options: GithubSimulatorOptions): Promise<void> {
    this.#listening = await listen((request, response) => this.#handle(request, response), options);
  }

  async stop(): Promise<void> {
    await this.#listening?.stop();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answerExtraRoute(this.#extraRoutes, request, response)) return;
    this.#inFlight.enter(response);
    const entry = this.#log.open(request);
    const fault = this.#faults.take(entry.path);
    const body = await readBody(request, MAX_BODY_BYTES);
    if (this.latencyMs > 0) await delay(this.latencyMs, undefined, UNREF);
    if (fault?.kind === "delay") await delay(fault.ms, undefined, UNREF);
    const call = toCall(request, { tokens: this.tokens, root: this.#root, body: body ?? Buffer.alloc(0) });
    if (fault && fault.kind !== "delay") sendFault(response, fault, toCurrentLimitHeaders(call, this.#limits));
    else if (!body) send(response, toErrorAnswer(413, "Payload too large"));
    else send(response, decide(call, this.#toRules()));
    entry.status = response.headersSent ? response.statusCode : 0;
  }

  #toRules() {
    const { exhaustedStatus } = this;
    return { world: this.#world, limits: this.#limits, secondary: this.#secondary, exhaustedStatus };
  }
}

/** Starts a GitHub of your own: REST and GraphQL as strict as the real one, on a free local port by default. */
export async function startGithubSimulator(options: GithubSimulatorOptions = {}): Promise<GithubSimulator> {
  const simulator = new GithubSimulator(options);
  await simulator.start(options);
  return simulator;
}
