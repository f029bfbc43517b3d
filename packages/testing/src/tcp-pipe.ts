import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** One direction of a connection: bytes arrive in order, after the latency, while it is open. */
export class Pipe {
  readonly #destination: Socket;
  readonly #latencyMs: () => number;
  #tail = Promise.resolve();
  #opening: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(destination: Socket, latencyMs: () => number) {
    this.#destination = destination;
    this.#latencyMs = latencyMs;
  }

  get isOpen(): boolean {
    return this.#opening === undefined;
  }

  /** Keeps everything back until {@link open}. */
  close(): void {
    if (this.#opening !== undefined) return;
    let resolve = (): void => undefined;
    const done = new Promise<void>((resolver) => {
      resolve = resolver;
    });
    this.#opening = { done, resolve };
  }

  open(): void {
    this.#opening?.resolve();
    this.#opening = undefined;
  }

  write(chunk: Buffer): void {
    this.#enqueue(() => this.#destination.write(chunk));
  }

  end(): void {
    this.#enqueue(() => this.#destination.destroySoon());
  }

  /** Latency is not bandwidth: what was sent together arrives together. */
  #enqueue(pass: () => void): void {
    const dueAt = performance.now() + this.#latencyMs();
    this.#tail = this.#tail.then(async () => {
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await delay(waitMs, undefined, { ref: false });
      await this.#opening?.done;
      if (!this.#destination.destroyed) pass();
    });
  }
}
