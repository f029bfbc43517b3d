import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks until the answer is truthy, and returns it.
 *
 * @param {string} what is waited for, for the error's message
 * @param {() => unknown} ask may be asynchronous
 * @param {{ timeoutMs?: number, intervalMs?: number, describe?: () => string }} [options] `describe`: how far it got
 * @throws Error when `timeoutMs` (default 30 s) have passed
 */
export async function until(what, ask, { timeoutMs = 30_000, intervalMs = 100, describe = () => "" } = {}) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeoutMs / 1000} s ${describe()}`.trimEnd());
    await delay(intervalMs);
  }
}
