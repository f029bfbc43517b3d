import { setMaxListeners } from "node:events";

/** Settles as `work` does, or at once with the signal's reason when that is aborted first. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    const settled = () => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(settled);
    if (signal.aborted) onAbort();
  });
}

/** Runs `work` with a signal that follows the outer one and that the given function aborts too. */
export async function withAbort<T>(
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal, abort: (reason: unknown) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  // Every request under way listens, and each of them stops listening when it ends: no leak to warn of.
  setMaxListeners(0, controller.signal);
  const follow = () => controller.abort(outer?.reason);
  outer?.addEventListener("abort", follow, { once: true });
  if (outer?.aborted) follow();
  try {
    return await work(controller.signal, (reason) => controller.abort(reason));
  } finally {
    outer?.removeEventListener("abort", follow);
  }
}
