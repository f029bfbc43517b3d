import { DEFAULT_TARGET, type TargetConfig } from "@hookline/contracts";
import { type Project, toDefaultTarget } from "@hookline/project";
import { SettingsError } from "@hookline/runtime";
import type { WorkerSettings } from "../config.ts";

type TargetSettings = Pick<WorkerSettings, "WEBHOOK_URL" | "WEBHOOK_KIND" | "WEBHOOK_SECRET" | "OPERATOR_TARGET">;

/** The configured targets by name: WEBHOOK_URL's and the project file's. @throws SettingsError for OPERATOR_TARGET. */
export function toTargetConfigs(settings: TargetSettings, project: Project): Readonly<Record<string, TargetConfig>> {
  const fallback = toDefaultTarget(settings);
  const configs = { ...project.targets, ...(fallback === undefined ? {} : { [DEFAULT_TARGET]: fallback }) };
  const { OPERATOR_TARGET: operator } = settings;
  if (operator !== undefined && !Object.hasOwn(configs, operator)) {
    const known = Object.keys(configs).join(", ") || "none";
    throw new SettingsError([`OPERATOR_TARGET: there is no target named ${operator}; configured are: ${known}`]);
  }
  return configs;
}
