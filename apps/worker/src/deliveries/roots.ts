import { errorMessage, type Logger } from "@hookline/runtime";
import type { Sender } from "../targets/send.ts";
import type { Outgoing, Target } from "../targets/target.ts";
import type { Lanes } from "./lanes.ts";
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
  readonly lanes: Pick<Lanes, "spend" | "learn">;
  readonly log: Logger;
}

export function createRoots(options: RootsOptions): Roots {
  return {
    async keep({ target, turn, bodyId, outgoing }, threadRef) {
      const ref = target.toThreadRef?.(outgoing) ?? threadRef;
      if (ref !== undefined) await turn.keepRoot({ ref, bodyId, ...toShown(outgoing) });
    },
    async update(told) {
      const { target, outgoing } = told;
      await show(options, told).catch((error: unknown) =>
        options.log.info("thread.root_not_updated", {
          id: outgoing.deliveryId,
          target: target.name,
          error: errorMessage(error),
        }),
      );
    },
  };
}

async function show({ sender, loadOutgoing, lanes }: RootsOptions, told: Told): Promise<void> {
  const { target, turn, outgoing, signal } = told;
  const { root, place } = turn;
  if (place.role !== "reply" || root === undefined || target.toRootUpdate === undefined) return;
  const shown = toShown(outgoing);
  // A message that is sent again later must not turn the root back.
  if (root.shown === shown.shown || shown.shownBy < root.shownBy) return;
  const first = await loadOutgoing(outgoing.deliveryId, { bodyId: root.bodyId, day: outgoing.day });
  await lanes.spend(target);
  const outcome = await sender.send(target, target.toRootUpdate(first, outgoing, place.ref), signal);
  if (outcome.kind === "retry_later") await lanes.learn(target, outcome);
  if (outcome.kind !== "delivered") throw new Error("detail" in outcome ? outcome.detail : outcome.kind);
  await turn.keepRoot({ ...root, ...shown });
}

/** What of a message the root shows, and whose it is. */
function toShown({ message, deliveryId }: Outgoing): { shown: string; shownBy: string } {
  return { shown: `${message.title}\n${message.status.text}`, shownBy: deliveryId };
}
