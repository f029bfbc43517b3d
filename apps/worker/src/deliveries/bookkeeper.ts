import { isRedisRefusing } from "@hookline/queue";
import { delay, errorMessage, type Logger } from "@hookline/runtime";

/** Keeps the books of what has been sent: however that goes, it must not make a delivery another outcome. */
export interface Bookkeeper {
  /**
   * Does one piece of it, again for a few seconds while Redis refuses; what cannot be done is logged. Never throws.
   * The work may be done twice.
   */
  note(what: string, deliveryId: string, work: () => Promise<unknown>): Promise<void>;
}

/** Long enough for a Redis that fails over or loads; far shorter than a job's lock, which a full Redis does not renew. */
const PAUSES_MS = [200, 800, 2000];

export function createBookkeeper(log: Logger): Bookkeeper {
  return {
    async note(what, deliveryId, work) {
      try {
        await insist(work);
      } catch (error) {
        log.warn("delivery.not_noted", { id: deliveryId, what, error: errorMessage(error) });
      }
    },
  };
}

async function insist(work: () => Promise<unknown>): Promise<void> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return void (await work());
    } catch (error) {
      if (!isRedisRefusing(error)) throw error;
      await delay(pauseMs);
    }
  }
  await work();
}
