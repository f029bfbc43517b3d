import type { TargetConfig } from "@hookline/contracts";
import { parseUrl } from "@hookline/runtime";
import type { Fields } from "./entry.ts";

/** Headers whose values let somebody in. */
const SENSITIVE = /authorization|token|cookie|key|secret|password/i;

/** What must not be shown of a project: the values of its variables, URLs that let whoever knows them post, keys. */
export function collectSecrets(used: readonly string[], targets: readonly TargetConfig[]): readonly string[] {
  const parts = used.flatMap((value) => [value, ...value.split(/[\s,]+/)]);
  const all = [...parts, ...targets.flatMap(secretsOf)];
  return [...new Set(all)].filter((secret) => secret !== "");
}

function secretsOf(target: TargetConfig): string[] {
  const { url }: Fields = target;
  const urls = typeof url === "string" ? [url, parseUrl(url)?.href ?? url] : [];
  const headers = Object.entries(target.headers ?? {}).filter(([name]) => SENSITIVE.test(name));
  return [...urls, ...headers.map(([, value]) => value)];
}
