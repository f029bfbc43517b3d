import { DEFAULT_TARGET, type TargetRef } from "@hookline/contracts";
import { toTargetName } from "@hookline/queue";
import { PermanentError } from "@hookline/runtime";
import type { WorkerSettings } from "../config.ts";
import { targetKinds } from "./registry.ts";
import type { Target } from "./target.ts";

/** Finds the target that a delivery names or brings along. @throws PermanentError `unknown_target`. */
export type TargetDirectory = (ref: TargetRef) => Target;

export function createTargetDirectory(
  settings: Pick<WorkerSettings, "WEBHOOK_URL" | "WEBHOOK_SECRET">,
): TargetDirectory {
  const configured = new Map<string, Target>();
  const signingSecrets = settings.WEBHOOK_SECRET;
  if (settings.WEBHOOK_URL !== undefined) {
    const options = { name: DEFAULT_TARGET, url: settings.WEBHOOK_URL, isFromRequest: false, signingSecrets };
    configured.set(DEFAULT_TARGET, targetKinds.webhook.create(options));
  }
  return (ref) => {
    if (typeof ref !== "string") {
      const options = { name: toTargetName(ref), url: new URL(ref.url), isFromRequest: true, signingSecrets };
      return targetKinds[ref.kind].create(options);
    }
    const target = configured.get(ref);
    if (target === undefined) throw new PermanentError("unknown_target", `no target named ${ref} is configured here`);
    return target;
  };
}
