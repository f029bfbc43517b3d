import { setTimeout as delay } from "node:timers/promises";

export interface WaitUntilOptions {
  /** Named in the error: what was waited for. */
  what: string;
  timeoutMs?: number;
  intervalMs?: number;
}

/**
 * Polls until the condition returns a truthy value, and returns it. A throwing condition counts as "not yet".
 * Defaults: 10,000 ms in all, every 20 ms. Rejects with `what` and the last error when time is up.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  options: WaitUntilOptions,
): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) throw toTimeoutError(options.what, timeoutMs, lastError);
    await delay(options.intervalMs ?? 20);
  }
}

function toTimeoutError(what: string, timeoutMs: number, lastError: unknown): Error {
  const why = lastError === undefined ? "" : `; last error: ${toText(lastError)}`;
  return new Error(`Waited ${timeoutMs} ms in vain for ${what}${why}`, { cause: lastError });
}

function toText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
