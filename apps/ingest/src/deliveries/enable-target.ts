import { enableLane, promoteJobs } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { configuredTargets } from "../tasks/targets.ts";
import { isInlineName } from "./target-kind.ts";

/** Deliveries made due at once: their lane keeps the order, and Redis has others to answer in between. */
const AT_ONCE = 500;

/**
 * Lets a target be sent to again and makes what waits for it due, the oldest first. Returns how many were parked;
 * `undefined` when there is no such target. Targets that requests brought along are known by their names alone.
 */
export async function enableTarget(deps: Dependencies, target: string): Promise<number | undefined> {
  const isKnown =
    isInlineName(target) || configuredTargets(deps.settings, deps.project).some(({ name }) => name === target);
  if (!isKnown) return undefined;
  const { parked, waiting } = await enableLane(deps.redis, deps.keys, target);
  const due = [...parked, ...waiting];
  for (let start = 0; start < due.length; start += AT_ONCE) {
    await promoteJobs(deps.queues.deliveries, due.slice(start, start + AT_ONCE));
  }
  deps.log.info("target.enabled", { target, released: parked.length });
  return parked.length;
}
