import type { TargetRef } from "@hookline/contracts";
import { sha256 } from "@hookline/runtime";

/**
 * How a target is called in answers, lanes and metrics: its configured name, else its kind, host and a hash of
 * its URL, whose path may be a secret. Configured names cannot contain the `~`.
 */
export function toTargetName(target: TargetRef): string {
  if (typeof target === "string") return target;
  const url = new URL(target.url);
  return `${target.kind}~${url.host.replaceAll(":", "_")}~${sha256(url.href).slice(0, 10)}`;
}

/** Eight hexadecimal digits that stand for a target in ids. */
export function toTargetKey(target: TargetRef): string {
  return sha256(toTargetName(target)).slice(0, 8);
}
