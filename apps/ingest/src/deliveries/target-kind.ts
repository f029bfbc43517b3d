import type { DeliveryPayload } from "@hookline/contracts";
import type { ConfiguredTarget } from "../tasks/targets.ts";

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
