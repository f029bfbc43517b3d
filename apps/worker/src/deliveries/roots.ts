import { errorMessage, type Logger } from "@hookline/runtime";
import type { Sender } from "../targets/send.ts";
import type { Outgoing, Target } from "../targets/target.ts";
import type { LoadOutgoing } from "./load-outgoing.ts";
import type { Turn } from "./threads.ts";

/** A message that has just arrived, and where. */
export interface Told {
  readonly target: Target;
  readonly turn: Turn;
  readonly bodyId: string;
  readonly outgoing: Outgoing;
  readonly signal: AbortSignal;
}

/** The first messages of threads: what replies are posted to, and what shows the day's latest. */
export interface Roots {
  /** Remembers a root. Without a reference, which a kind names itself or its service's answer tells, it stays alone. */
  keep(told: Told, threadRef: string | undefined): Promise<void>;
  /** Shows a reply's title and status in its root. The reply has arrived whether this succeeds or not: it never throws. */
  update(told: Told): Promise<void>;
}

export interface RootsOptions {
  readonly sender: Sender;
  readonly loadOutgoing: LoadOutgoing;
  readonly log: Logger;
}

export function createRoots({ sender, loadOutgoing, log }: RootsOptions): Roots {
  const send = async ({ target, turn, outgoing, signal }: Told, ref: string) => {
    if (turn.root === undefined || target.toRootUpdate === undefined) return;
    const shown = toShown(outgoing);
    if (turn.root.shown === shown) return;
    const { bodyId } = turn.root;
    const first = await loadOutgoing(outgoing.deliveryId, { bodyId, day: outgoing.day });
    const outcome = await sender.send(target, target.toRootUpdate(first, outgoing, ref), signal);
    if (outcome.kind !== "delivered") throw new Error("detail" in outcome ? outcome.detail : outcome.kind);
    await turn.keepRoot({ ref, bodyId, shown });
  };
  return {
    async keep({ target, turn, bodyId, outgoing }, threadRef) {
      const ref = target.toThreadRef?.(outgoing) ?? threadRef;
      if (ref !== undefined) await turn.keepRoot({ ref, bodyId, shown: toShown(outgoing) });
    },
    async update(told) {
      const { target, turn, outgoing } = told;
      if (turn.place.role !== "reply") return;
      await send(told, turn.place.ref).catch((error: unknown) =>
        log.info("thread.root_not_updated", {
          id: outgoing.deliveryId,
          target: target.name,
          error: errorMessage(error),
        }),
      );
    },
  };
}

/** What of a message the root shows. */
function toShown({ message }: Outgoing): string {
  return `${message.title}\n${message.status.text}`;
}
