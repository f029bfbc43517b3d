import type { Received } from "./received.ts";

/** How a request is answered: default 200 "ok" at once. */
export interface ReceiverBehaviour {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Waited before anything else, ms. */
  delayMs?: number;
  /** The connection is broken off. */
  reset?: boolean;
  /** There is no answer, ever. */
  hang?: boolean;
}

/** A behaviour, or a function of the request and its index (from 0, among all received). */
export type Responder =
  | ReceiverBehaviour
  | ((request: Received, index: number) => ReceiverBehaviour | Promise<ReceiverBehaviour>);

/** Which behaviour a request meets: that of its path, else the general one. */
export class Behaviours {
  #general: Responder = {};
  readonly #byPath = new Map<string, Responder>();

  setGeneral(responder: Responder): void {
    this.#general = responder;
  }

  setForPath(path: string, responder: Responder): void {
    this.#byPath.set(path, responder);
  }

  clear(): void {
    this.#general = {};
    this.#byPath.clear();
  }

  async choose(request: Received, index: number): Promise<ReceiverBehaviour> {
    const path = request.path.split("?")[0] ?? request.path;
    const responder = this.#byPath.get(request.path) ?? this.#byPath.get(path) ?? this.#general;
    return typeof responder === "function" ? responder(request, index) : responder;
  }
}
