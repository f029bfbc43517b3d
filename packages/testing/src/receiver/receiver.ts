import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { answerExtraRoute, type ExtraRoutes } from "../http/extra-routes.ts";
import { InFlight } from "../http/in-flight.ts";
import { type Listening, listen } from "../http/listen.ts";
import { readBody } from "../http/read-body.ts";
import { waitUntil } from "../wait-until.ts";
import { Behaviours, type ReceiverBehaviour, type Responder } from "./behaviour.ts";
import { type Received, toJsonMember, toWebhookId } from "./received.ts";
import { toRefusal } from "./refusal.ts";
import { toVerifier, type Verifier } from "./verify.ts";

export interface ReceiverOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default: a free one. */
  port?: number;
  /** `whsec_…`, one or several: requests not signed by one of them are answered 401. */
  secret?: string | string[];
  /** Also take other content types than JSON (form-encoded chat services). Default false: 415. */
  anyContentType?: boolean;
  /** Called with every request once it is recorded, before it is answered. */
  onReceived?: (request: Received) => void;
  extraRoutes?: ExtraRoutes;
}

const MAX_BODY_BYTES = 20 * 1024 * 1024;
// A delay still running when the receiver is stopped must not keep the process alive.
const UNREF = { ref: false };

/** A webhook receiver that records everything. Made by {@link startReceiver}. */
export class Receiver {
  /** All requests in the order in which their bodies were complete. */
  requests: Received[] = [];
  readonly #options: ReceiverOptions;
  readonly #verify: Verifier;
  readonly #behaviours = new Behaviours();
  readonly #inFlight = new InFlight();
  #listening: Listening | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#verify = toVerifier([options.secret ?? []].flat());
  }

  get url(): string {
    return this.#listening?.url ?? "";
  }

  get received(): number {
    return this.requests.length;
  }

  /** Requests answered 2xx. */
  get accepted(): number {
    return this.requests.filter(({ status }) => status >= 200 && status < 300).length;
  }

  /** Most requests that were in work at the same time. */
  get maxConcurrent(): number {
    return this.#inFlight.max;
  }

  /** Requests by `webhook-id`; those without one are left out. */
  byWebhookId(): Map<string, Received[]> {
    const groups = new Map<string, Received[]>();
    for (const request of this.requests) {
      const id = toWebhookId(request);
      if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), request]);
    }
    return groups;
  }

  /** How many webhook-ids came more than once. */
  repeated(): number {
    return [...this.byWebhookId().values()].filter((group) => group.length > 1).length;
  }

  /** Sets how requests are answered from now on. */
  respond(responder: Responder): void {
    this.#behaviours.setGeneral(responder);
  }

  /** Sets how requests to one path are answered from now on. */
  respondOnPath(path: string, responder: Responder): void {
    this.#behaviours.setForPath(path, responder);
  }

  /** Waits until `count` requests (that satisfy the predicate) are recorded and returns all of those. Rejects after `timeoutMs`. */
  async waitFor(
    count: number,
    timeoutMs = 10_000,
    predicate: (request: Received) => boolean = () => true,
  ): Promise<Received[]> {
    const matching = () => this.requests.filter(predicate);
    const isEnough = () => matching().length >= count;
    await waitUntil(isEnough, { what: `${count} requests`, timeoutMs, intervalMs: 5 }).catch((error: Error) => {
      throw new Error(`${error.message}: ${matching().length} came (${this.received} in all) at ${this.url}`);
    });
    return matching();
  }

  /** Forgets requests, behaviours and the highest concurrency seen. */
  reset(): void {
    this.requests = [];
    this.#behaviours.clear();
    this.#inFlight.max = this.#inFlight.current;
  }

  /** Begins to listen; called once, by {@link startReceiver}. */
  async start(): Promise<void> {
    this.#listening = await listen((request, response) => this.#handle(request, response), this.#options);
  }

  async stop(): Promise<void> {
    await this.#listening?.stop();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answerExtraRoute(this.#options.extraRoutes ?? {}, request, response)) return;
    this.#inFlight.enter(response);
    const at = Date.now();
    const body = await readBody(request, MAX_BODY_BYTES);
    const received = this.#record(request, body ?? Buffer.alloc(0), at);
    const index = this.requests.length - 1;
    this.#options.onReceived?.(received);
    const isTooLarge = body === undefined;
    const refusal = toRefusal(received, { isTooLarge, anyContentType: this.#options.anyContentType ?? false });
    await answer(response, refusal ?? (await this.#behaviours.choose(received, index)), received);
  }

  #record(request: IncomingMessage, rawBody: Buffer, at: number): Received {
    const { method = "GET", url: path = "/", headers } = request;
    const verification = this.#verify(rawBody, headers);
    const received: Received = {
      at,
      method,
      path,
      headers,
      rawBody,
      ...toJsonMember(rawBody),
      ...verification,
      status: 0,
    };
    this.requests.push(received);
    return received;
  }
}

/** Starts a webhook receiver that answers 200 "ok" until told otherwise, on a free local port by default. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = new Receiver(options);
  await receiver.start();
  return receiver;
}

async function answer(response: ServerResponse, behaviour: ReceiverBehaviour, received: Received): Promise<void> {
  if (behaviour.delayMs !== undefined) await delay(behaviour.delayMs, undefined, UNREF);
  if (behaviour.hang) return;
  if (behaviour.reset) {
    response.destroy();
    return;
  }
  // Who has gone away in the meantime was not answered.
  if (response.destroyed) return;
  received.status = behaviour.status ?? 200;
  response.writeHead(received.status, { "content-type": "text/plain; charset=utf-8", ...behaviour.headers });
  response.end(behaviour.body ?? "ok");
}
