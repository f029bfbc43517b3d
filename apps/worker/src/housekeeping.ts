import { announceVersion, type Queues, sweepIndexes } from "@hookline/queue";
import { errorMessage, type Keys, type Logger } from "@hookline/runtime";

const EVERY_MS = 5000;

/**
 * What every worker does now and then: it says of which version it is, and makes the indexes forget what retention has
 * cleared away. A Redis that is away is asked again the next time.
 */
export function startHousekeeping(queues: Queues, keys: Keys, log: Logger): NodeJS.Timeout {
  let isBusy = false;
  const keepHouse = async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await announceVersion(queues.tasks.redis, keys);
      await sweepIndexes(queues, keys);
    } catch (error) {
      log.debug("housekeeping.failed", { error: errorMessage(error) });
    } finally {
      isBusy = false;
    }
  };
  void keepHouse();
  return setInterval(keepHouse, EVERY_MS);
}
