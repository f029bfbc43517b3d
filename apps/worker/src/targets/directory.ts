import type { BasecampInbox, InlineTarget } from "@hookline/contracts";
import { toTargetName } from "@hookline/queue";
import { ConfigurationError, errorMessage, PermanentError } from "@hookline/runtime";
import { toLimits } from "./limits.ts";
import { targetKinds } from "./registry.ts";
import type { Target, TargetConfig, TargetContext, TargetKindName, TargetOptionsOf } from "./target.ts";

export interface TargetDirectory {
  /**
   * Finds the target that a job names or brings along. @throws PermanentError `unknown_target`, or the error of
   * whoever keeps the targets that requests supplied.
   */
  find(ref: string | InlineTarget): Promise<Target>;
}

export interface DirectoryOptions {
  /** The configured targets by name. */
  readonly configs: Readonly<Record<string, TargetConfig>>;
  readonly inboxes: Readonly<Record<string, BasecampInbox>>;
  /** ms that a target has to answer unless it is configured otherwise. */
  readonly timeoutMs: number;
  /** `whsec_…` that signs what goes to webhooks in requests; several, space-separated. */
  readonly requestSecret: string | undefined;
  /** Finds a target that a request supplied, by the name that jobs know it by: it has a `~` in it. */
  readonly loadInline: (name: string) => Promise<InlineTarget | undefined>;
}

/** Makes the configured targets at once. @throws ConfigurationError naming those that cannot be. */
export function createTargetDirectory(options: DirectoryOptions): TargetDirectory {
  const configured = createConfigured(options);
  return {
    async find(ref) {
      if (typeof ref !== "string") return createInline(ref, options);
      const target = configured.get(ref);
      if (target !== undefined) return target;
      const inline = ref.includes("~") ? await options.loadInline(ref) : undefined;
      if (inline === undefined) throw new PermanentError("unknown_target", `no target named ${ref} is known here`);
      return createInline(inline, options);
    },
  };
}

function createConfigured(options: DirectoryOptions): ReadonlyMap<string, Target> {
  const targets = new Map<string, Target>();
  const problems: string[] = [];
  for (const [name, config] of Object.entries(options.configs)) {
    try {
      targets.set(name, createTarget(config, { name, isFromRequest: false }, options));
    } catch (error) {
      problems.push(`target ${name}: ${errorMessage(error)}`);
    }
  }
  if (problems.length > 0) throw new ConfigurationError("The targets are wrong", problems);
  return targets;
}

function createInline(target: InlineTarget, options: DirectoryOptions): Target {
  const isSigned = target.kind === "webhook" && options.requestSecret !== undefined;
  const config: TargetConfig = isSigned ? { ...target, kind: "webhook", secret: options.requestSecret } : target;
  return createTarget(config, { name: toTargetName(target), isFromRequest: true }, options);
}

function createTarget(
  config: TargetConfig,
  origin: Pick<TargetContext, "name" | "isFromRequest">,
  { inboxes, timeoutMs }: DirectoryOptions,
): Target {
  const inboxToken = (inbox: string) => inboxes[inbox]?.token;
  return createOfKind(config.kind, config, (defaults) => ({
    ...origin,
    inboxToken,
    limits: toLimits(config, defaults, timeoutMs),
  }));
}

/** Generic, so that the compiler knows a kind's options to belong to the kind. */
function createOfKind<K extends TargetKindName>(
  name: K,
  options: TargetOptionsOf<K>,
  toContext: (defaults: Parameters<typeof toLimits>[1]) => TargetContext,
): Target {
  const kind = targetKinds[name];
  return kind.create(options, toContext(kind.defaults));
}
