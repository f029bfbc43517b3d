import { DEFAULT_TARGET, hasThreads, type TargetKindName, type TargetRef } from "@hookline/contracts";
import { type Project, toDefaultTarget } from "@hookline/project";
import { toTargetKey, toTargetName } from "@hookline/queue";
import { parseUrl } from "@hookline/runtime";
import type { IngestSettings } from "../config.ts";
import type { Dependencies } from "../dependencies.ts";
import type { Refusal } from "./refusal.ts";

export interface ConfiguredTarget {
  readonly name: string;
  readonly kind: TargetKindName;
  /** Whether messages of one thread are sent to it in order. */
  readonly hasThreads: boolean;
  /** See `toTargetKey`. */
  readonly key: string;
}

type TargetSettings = Pick<IngestSettings, "WEBHOOK_URL" | "WEBHOOK_KIND">;

/** They change no more once a process runs, and every request asks for them. */
const remembered = new WeakMap<TargetSettings, { project: Project; targets: readonly ConfiguredTarget[] }>();

/** The targets that are configured: WEBHOOK_URL's, then those of the project file in its order. */
export function configuredTargets(settings: TargetSettings, project: Project): readonly ConfiguredTarget[] {
  const known = remembered.get(settings);
  if (known?.project === project) return known.targets;
  const targets = toConfiguredTargets(settings, project);
  remembered.set(settings, { project, targets });
  return targets;
}

function toConfiguredTargets(settings: TargetSettings, { targets }: Project): readonly ConfiguredTarget[] {
  const fallback = toDefaultTarget(settings);
  const configs = [
    ...(fallback === undefined ? [] : [[DEFAULT_TARGET, fallback] as const]),
    ...Object.entries(targets),
  ];
  return configs.map(([name, config]) => ({
    name,
    kind: config.kind,
    hasThreads: hasThreads(config),
    key: toTargetKey(name),
  }));
}

export type ResolvedTargets =
  | { readonly isRefused: false; readonly targets: readonly TargetRef[]; readonly keys: readonly string[] }
  | Refusal;

/** The targets a request means: its own, each once, else the default one. */
export function resolveTargets(
  { settings, project }: Pick<Dependencies, "settings" | "project">,
  requested: readonly TargetRef[] | undefined,
): ResolvedTargets {
  const configured = configuredTargets(settings, project);
  const find = (target: TargetRef) => configured.find(({ name }) => name === target);
  if (requested === undefined && find(DEFAULT_TARGET) === undefined) {
    return refuse("no_target", "WEBHOOK_URL is not set and the request names no target");
  }
  const byName = new Map<string, TargetRef>();
  for (const [index, target] of (requested ?? [DEFAULT_TARGET]).entries()) {
    const refusal =
      typeof target === "string" ? checkName(configured, target, index) : checkInline(settings, target.url, index);
    if (refusal !== undefined) return refusal;
    byName.set(toTargetName(target), target);
  }
  const targets = [...byName.values()];
  return { isRefused: false, targets, keys: targets.map((target) => find(target)?.key ?? toTargetKey(target)) };
}

function checkName(configured: readonly ConfiguredTarget[], name: string, index: number): Refusal | undefined {
  const names = configured.map((target) => target.name);
  if (names.includes(name)) return undefined;
  const known = names.length === 0 ? "none is configured" : `configured are: ${names.join(", ")}`;
  return refuse("unknown_target", `there is no target named ${name}; ${known}`, `/targets/${index}`);
}

function checkInline(settings: IngestSettings, url: string, index: number): Refusal | undefined {
  if (settings.API_KEYS.length === 0) {
    return refuse("forbidden", "targets in a request are taken only when API_KEYS is set", `/targets/${index}`);
  }
  const pointer = `/targets/${index}/url`;
  const parsed = parseUrl(url);
  if (parsed === undefined) return refuse("invalid_request", "must be a URL", pointer);
  if (parsed.username === "" && parsed.password === "") return undefined;
  return refuse("invalid_request", "must not contain a user name or password", pointer);
}

function refuse(problem: Refusal["problem"], detail: string, pointer?: string): Refusal {
  const errors = pointer === undefined ? {} : { errors: [{ pointer, message: detail }] };
  return { isRefused: true, problem, detail, ...errors };
}
