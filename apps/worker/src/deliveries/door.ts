/**
 * A lane's door in this replica. A lane of a fast target is free again within milliseconds: a delivery that would find
 * it full waits here and is handed the place of the next one that leaves, instead of going back to the queue and being
 * fetched again.
 */
export interface Door {
  /** Whether the lane is full as far as this replica can know: asking would be in vain. */
  isFull(): boolean;
  /** Waits a moment. True: it was handed a place. False: it may ask for one itself, or go back to the queue. */
  wait(deliveryId: string, signal: AbortSignal): Promise<boolean>;
  /** Notes that a delivery has a place. */
  hold(deliveryId: string): void;
  /** Gives a place back and names those who would take it, the oldest first; {@link handOver} decides on them. */
  leave(deliveryId: string): readonly string[];
  handOver(heirs: readonly string[], outcome: { readonly admitted: number; readonly window: number }): void;
  /** Nobody holds a place or waits. */
  isIdle(): boolean;
}

interface Waiter {
  readonly deliveryId: string;
  readonly end: (isHanded: boolean) => void;
  /** It was named as an heir, and the answer is on its way: nothing else may end its wait. */
  isNamed: boolean;
  isOver: boolean;
}

/** How long a delivery may hold one of the replica's slots for a lane: those of other targets need them too. */
const PATIENCE_MS = 1000;
/** One takes the place, another the one that a success adds. */
const MOST_HEIRS = 3;
/** Weight of the newest request in the average time that one takes. */
const NEWEST = 0.2;

/** `now` is a clock in ms. */
export function createDoor(now: () => number = () => performance.now()): Door {
  const held = new Map<string, number>();
  const waiters: Waiter[] = [];
  let averageMs = 0;
  let window = 1;

  /** The oldest request under way may be the one that tells that the target has become slow. */
  const mayWait = () => {
    const [oldest] = held.values();
    if (oldest === undefined) return false;
    const requestMs = Math.max(averageMs, now() - oldest);
    return ((waiters.length + 1) * requestMs) / held.size <= PATIENCE_MS;
  };
  const find = (id: string) => waiters.find(({ deliveryId }) => deliveryId === id);

  return {
    isFull: () => window > 1 && held.size >= window,
    wait: async (deliveryId, signal) => mayWait() && !signal.aborted && line(waiters, deliveryId, signal),
    hold: (deliveryId) => void held.set(deliveryId, now()),
    leave(deliveryId) {
      const since = held.get(deliveryId);
      held.delete(deliveryId);
      if (since !== undefined) averageMs += NEWEST * (now() - since - averageMs);
      const heirs = waiters.filter(({ isNamed }) => !isNamed).slice(0, MOST_HEIRS);
      for (const heir of heirs) heir.isNamed = true;
      return heirs.map((heir) => heir.deliveryId);
    },
    handOver(heirs, { admitted, window: learnt }) {
      window = learnt;
      heirs.forEach((id, index) => {
        const heir = find(id);
        if (heir === undefined) return;
        heir.isNamed = false;
        if (index < admitted) held.set(id, now());
        if (index < admitted || heir.isOver) heir.end(index < admitted);
      });
      // Nobody is left here who could hand a place on.
      if (held.size === 0) for (const waiter of waiters.filter(({ isNamed }) => !isNamed)) waiter.end(false);
    },
    isIdle: () => held.size === 0 && waiters.length === 0,
  };
}

/** Waits among the others, by age, as ids sort. */
function line(waiters: Waiter[], deliveryId: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const giveUp = () => {
      waiter.isOver = true;
      if (!waiter.isNamed) waiter.end(false);
    };
    const timer = setTimeout(giveUp, PATIENCE_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    const end = (isHanded: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      waiters.splice(waiters.indexOf(waiter), 1);
      resolve(isHanded);
    };
    const waiter: Waiter = { deliveryId, end, isNamed: false, isOver: false };
    const index = waiters.findIndex((other) => other.deliveryId > deliveryId);
    waiters.splice(index < 0 ? waiters.length : index, 0, waiter);
  });
}
