import { DEFAULT_TARGET, operations, type TargetState } from "@hookline/contracts";
import { enableLane, type LaneState, readLane, runJobNow } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { toIso } from "../tasks/next-attempt.ts";
import { targetNames } from "../tasks/targets.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { ProblemError } from "./problem.ts";

/** `/targets`: how the configured targets fare, and letting one back in. */
export function mountTargets(mount: Mount, deps: Dependencies): void {
  const redis = requireRedis(deps);
  mount(operations.listTargets, redis, async (_request, response) => {
    const names = targetNames(deps.settings);
    const lanes = await Promise.all(names.map((name) => readLane(deps.redis, deps.keys, name)));
    response.json({ data: lanes.map((lane, index) => toTargetState(names[index] ?? DEFAULT_TARGET, lane)) });
  });
  mount(operations.enableTarget, redis, async (request, response) => {
    const name = String(request.params.name);
    const isKnown = targetNames(deps.settings).includes(name) || name.includes("~");
    if (!isKnown) throw new ProblemError("not_found", { detail: "there is no such target" });
    const parked = await enableLane(deps.redis, deps.keys, name);
    await Promise.all(parked.map((id) => runJobNow(deps.queues.deliveries, id)));
    deps.log.info("target.enabled", { target: name, released: parked.length });
    response.status(202).json({ enabled: name, released: parked.length });
  });
}

function toTargetState(name: string, { disabled, pausedUntil, pauseReason }: LaneState): TargetState {
  const isPaused = pausedUntil !== undefined && pausedUntil > Date.now();
  return {
    name,
    kind: "webhook",
    disabled: disabled === undefined ? null : { at: toIso(disabled.at), reason: disabled.reason },
    pausedUntil: isPaused ? toIso(pausedUntil) : null,
    pauseReason: isPaused ? (pauseReason ?? null) : null,
  };
}
