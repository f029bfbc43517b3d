import { errorMessage } from "./errors.ts";
import type { Logger } from "./logger.ts";

/**
 * Runs `drain` once on SIGTERM or SIGINT and exits: 0 when it ended, 1 when it threw. A second signal changes
 * nothing: whoever cannot wait sends SIGKILL.
 */
export function drainOnSignal(log: Logger, drain: () => Promise<void>): void {
  let isDraining = false;
  const handle = (signal: NodeJS.Signals) => {
    if (isDraining) return;
    isDraining = true;
    log.info("shutdown.started", { signal });
    drain().then(
      () => exit(log, 0),
      (error: unknown) => {
        log.error("shutdown.failed", { error: errorMessage(error) });
        exit(log, 1);
      },
    );
  };
  process.on("SIGTERM", handle);
  process.on("SIGINT", handle);
}

function exit(log: Logger, code: number): void {
  log.info("shutdown.finished", { code });
  // Standard output may be a pipe, written asynchronously: let the last line out before the process ends.
  setImmediate(() => process.exit(code));
}
