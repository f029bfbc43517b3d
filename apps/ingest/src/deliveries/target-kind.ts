import type { DeliveryPayload } from "@hookline/contracts";
import type { Dependencies } from "../dependencies.ts";
import { type ConfiguredTarget, configuredTargets } from "../tasks/targets.ts";

/** Between the parts of a name that was made for a target of a request; no configured name has one. */
const SEPARATOR = "~";

/** Whether a request supplied the target: its name begins with its kind. */
export function isInlineName(name: string): boolean {
  return name.includes(SEPARATOR);
}

/** The kind of a job's target; `unknown` when it is configured no longer. Pure. */
export function toTargetKind(
  target: DeliveryPayload["target"],
  configured: readonly Pick<ConfiguredTarget, "name" | "kind">[],
): string {
  if (typeof target !== "string") return target.kind;
  if (isInlineName(target)) return target.slice(0, target.indexOf(SEPARATOR));
  return configured.find(({ name }) => name === target)?.kind ?? "unknown";
}

/** Whether it is configured, or may have been supplied by a request: those are known by their names alone. */
export function isKnownTarget(deps: Pick<Dependencies, "settings" | "project">, name: string): boolean {
  return isInlineName(name) || configuredTargets(deps.settings, deps.project).some((target) => target.name === name);
}
