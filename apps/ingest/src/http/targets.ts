import { operations, type TargetState } from "@hookline/contracts";
import { type LaneState, readLane } from "@hookline/queue";
import { enableTarget } from "../deliveries/enable-target.ts";
import { testTarget } from "../deliveries/test-target.ts";
import type { Dependencies } from "../dependencies.ts";
import { toIso } from "../tasks/next-attempt.ts";
import { type ConfiguredTarget, configuredTargets } from "../tasks/targets.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { ProblemError } from "./problem.ts";

/** `/targets`: how the configured targets fare, trying one, and letting one back in. */
export function mountTargets(mount: Mount, deps: Dependencies): void {
  const redis = requireRedis(deps);
  mount(operations.listTargets, redis, async (_request, response) => {
    const states = configuredTargets(deps.settings, deps.project).map(async (target) =>
      toTargetState(target, await readLane(deps.redis, deps.keys, target.name)),
    );
    response.json({ data: await Promise.all(states) });
  });
  mount(operations.testTarget, redis, async (request, response) => {
    const task = await testTarget(deps, String(request.params.name));
    if (task === undefined) throw notFound();
    response.status(202).location(`/tasks/${task.id}`).json(task);
  });
  mount(operations.enableTarget, redis, async (request, response) => {
    const name = String(request.params.name);
    const released = await enableTarget(deps, name);
    if (released === undefined) throw notFound();
    response.status(202).json({ enabled: name, released });
  });
}

function toTargetState({ name, kind }: ConfiguredTarget, lane: LaneState): TargetState {
  const { disabled, pausedUntil, pauseReason, breaker, inFlight, waiting } = lane;
  const isPaused = pausedUntil !== undefined && pausedUntil > Date.now();
  return {
    name,
    kind,
    disabled: disabled === undefined ? null : { at: toIso(disabled.at), reason: disabled.reason },
    pausedUntil: isPaused ? toIso(pausedUntil) : null,
    pauseReason: isPaused ? (pauseReason ?? null) : null,
    breaker,
    inFlight,
    waiting,
  };
}

function notFound(): ProblemError {
  return new ProblemError("not_found", { detail: "there is no such target" });
}
