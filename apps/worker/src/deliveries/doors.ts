import type { LaneExit } from "@hookline/queue";
import { createDoor, type Door } from "./door.ts";

/** The doors of the lanes that deliveries of this replica are in. */
export interface Doors {
  /** Waits at a lane's door when others of this replica are inside; see {@link Door.wait}. */
  wait(target: string, deliveryId: string, signal: AbortSignal): Promise<boolean>;
  /** Whether the lane is full as far as this replica can know: asking would be in vain. */
  isFull(target: string): boolean;
  /** Notes that a delivery has a place. */
  hold(target: string, deliveryId: string): void;
  /** Gives a place back with `tell`, which is given the heirs and answers how many of them go. */
  leave(target: string, deliveryId: string, tell: (heirs: readonly string[]) => Promise<LaneExit>): Promise<LaneExit>;
}

export function createDoors(): Doors {
  const doors = new Map<string, Door>();
  return {
    wait: async (target, deliveryId, signal) => (await doors.get(target)?.wait(deliveryId, signal)) ?? false,
    isFull: (target) => doors.get(target)?.isFull() ?? false,
    hold(target, deliveryId) {
      const door = doors.get(target) ?? createDoor();
      doors.set(target, door);
      door.hold(deliveryId);
    },
    async leave(target, deliveryId, tell) {
      const door = doors.get(target);
      if (door === undefined) return tell([]);
      const heirs = door.leave(deliveryId);
      let outcome = { admitted: 0, window: 1 };
      try {
        const exit = await tell(heirs);
        outcome = exit;
        return exit;
      } finally {
        door.handOver(heirs, outcome);
        // Targets that requests supply are without number.
        if (door.isIdle()) doors.delete(target);
      }
    },
  };
}
