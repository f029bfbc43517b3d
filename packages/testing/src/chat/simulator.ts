import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Listening, listen } from "../http/listen.ts";
import { readBody } from "../http/read-body.ts";
import { waitUntil } from "../wait-until.ts";
import { plain, refuse } from "./answers.ts";
import { Faults, toFaultAnswer } from "./faults.ts";
import { Ledger } from "./ledger.ts";
import { RateWindow } from "./rate-window.ts";
import type { Call, ChatAnswer, ChatService } from "./service.ts";
import type { ChatFault, ChatKind, ChatMessage, ChatRequest, ChatSimulator, ChatSimulatorOptions } from "./types.ts";

const MAX_BODY_BYTES = 20 * 1024 * 1024;
// A delay still running when the simulator is stopped must not keep the process alive.
const UNREF = { ref: false };

/** The server around one service. */
export class RunningSimulator implements ChatSimulator {
  readonly kind: ChatKind;
  readonly requests: ChatRequest[] = [];
  readonly #service: ChatService;
  readonly #options: ChatSimulatorOptions;
  readonly #ledger: Ledger;
  readonly #faults = new Faults();
  readonly #rate: RateWindow | undefined;
  #listening: Listening | undefined;

  constructor(service: ChatService, options: ChatSimulatorOptions) {
    this.kind = options.kind;
    this.#service = service;
    this.#options = options;
    this.#ledger = new Ledger(options.kind);
    this.#rate = options.enforceRate && service.rate ? new RateWindow(service.rate) : undefined;
  }

  get url(): string {
    return this.#listening?.url ?? "";
  }

  get target(): Record<string, string> {
    return this.#service.toTarget(this.url);
  }

  get botTarget(): Record<string, string> | undefined {
    return this.#service.toBotTarget?.(this.url);
  }

  get existingThread(): string | undefined {
    return this.#service.existingThread;
  }

  get secrets(): readonly string[] {
    return this.#service.secrets;
  }

  get messages(): ChatMessage[] {
    return this.#ledger.messages;
  }

  get updates(): ChatMessage[] {
    return this.#ledger.updates;
  }

  get threads(): Map<string, ChatMessage[]> {
    return this.#ledger.threads;
  }

  get refused(): ChatSimulator["refused"] {
    return this.#ledger.refused;
  }

  get dropped(): ChatSimulator["dropped"] {
    return this.#ledger.dropped;
  }

  get truncated(): ChatSimulator["truncated"] {
    return this.#ledger.truncated;
  }

  get pings(): ChatSimulator["pings"] {
    return this.#ledger.pings;
  }

  fault(fault: ChatFault): void {
    this.#faults.set(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  reset(): void {
    this.requests.length = 0;
    this.#ledger.clear();
    this.#faults.clear();
    this.#rate?.clear();
  }

  async start(): Promise<void> {
    this.#listening = await listen((request, response) => this.#receive(request, response), this.#options);
  }

  async stop(): Promise<void> {
    await this.#listening?.stop();
  }

  async waitFor(count: number, timeoutMs = 10_000): Promise<ChatMessage[]> {
    const isEnough = () => this.messages.length >= count;
    await waitUntil(isEnough, { what: `${count} ${this.kind} messages`, timeoutMs, intervalMs: 5 }).catch(
      (error: Error) => {
        throw new Error(`${error.message}: ${this.messages.length} came, ${this.refused.length} were refused`);
      },
    );
    return [...this.messages];
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const rawBody = await readBody(request, MAX_BODY_BYTES);
    const call = toCall(request, rawBody ?? Buffer.alloc(0), this.#options.now ?? Date.now);
    const logged = { ...pickLogged(call), path: request.url ?? "/", status: 0 };
    this.requests.push(logged);
    const fault = this.#faults.take() ?? {};
    if (fault.hang) return;
    if (fault.reset) {
      response.destroy();
      return;
    }
    const answer = rawBody === undefined ? plain(413, "Request Entity Too Large") : this.#decide(call, fault);
    if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, UNREF);
    // Who has gone away in the meantime was not answered.
    if (response.destroyed) return;
    logged.status = answer.status;
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  #decide(call: Call, fault: ChatFault): ChatAnswer {
    const played = toFaultAnswer(fault, call, this.#service);
    if (played !== undefined) return played;
    const seconds = this.#rate?.take(call.at) ?? 0;
    const answer = this.#ledger.settle(
      call,
      seconds > 0
        ? refuse("rate limited", this.#service.toRateLimited(call, seconds))
        : this.#service.handle(call, this.#ledger),
    );
    return { ...answer, headers: { ...answer.headers, ...fault.headers } };
  }
}

function toCall(request: IncomingMessage, rawBody: Buffer, now: () => number): Call {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://simulator");
  const { method = "GET", headers } = request;
  return { at: now(), method, path: pathname, query: searchParams, headers, rawBody };
}

function pickLogged({ at, method, headers, rawBody }: Call): Omit<ChatRequest, "path" | "status"> {
  return { at, method, headers, rawBody };
}
