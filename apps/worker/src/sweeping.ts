import { type Queues, sweepIndexes } from "@hookline/queue";
import { errorMessage, type Keys, type Logger } from "@hookline/runtime";

const EVERY_MS = 5000;

/** Makes the indexes forget, every now and then, what retention has cleared away. A Redis that is away is asked again the next time. */
export function startSweeping(queues: Queues, keys: Keys, log: Logger): NodeJS.Timeout {
  let isBusy = false;
  const sweep = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await sweepIndexes(queues, keys);
    } catch (error) {
      log.debug("sweep.failed", { error: errorMessage(error) });
    } finally {
      isBusy = false;
    }
  };
  return setInterval(sweep, EVERY_MS);
}
