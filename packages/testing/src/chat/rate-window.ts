import type { RateLimit } from "./service.ts";

/** Counts requests in a sliding window. */
export class RateWindow {
  readonly #limit: RateLimit;
  #taken: number[] = [];

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes a place and returns 0, or returns the seconds until there is one. */
  take(at: number): number {
    const { count, perMs } = this.#limit;
    this.#taken = this.#taken.filter((time) => time > at - perMs);
    const oldest = this.#taken[this.#taken.length - count];
    if (oldest !== undefined) return (oldest + perMs - at) / 1_000;
    this.#taken.push(at);
    return 0;
  }

  clear(): void {
    this.#taken = [];
  }
}
