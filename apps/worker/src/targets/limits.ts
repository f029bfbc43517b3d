import type { LaneLimits } from "@hookline/queue";
import type { TargetConfig, TargetKind, TargetKindName } from "./target.ts";

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["s", 1000],
  ["min", 60_000],
  ["h", 3_600_000],
]);

/** A target's limits: what its options say, else its kind's defaults and TARGET_TIMEOUT (`timeoutMs`). */
export function toLimits(
  { rate, timeout, maxInFlight }: Pick<TargetConfig, "rate" | "timeout" | "maxInFlight">,
  defaults: TargetKind<TargetKindName>["defaults"],
  timeoutMs: number,
): LaneLimits {
  return {
    intervalMs: rate === undefined ? defaults.intervalMs : toIntervalMs(rate),
    maxInFlight: maxInFlight ?? defaults.maxInFlight,
    timeoutMs: timeout ?? timeoutMs,
  };
}

/** ms between two requests at a pace such as `5/s`, rounded up: never faster than was asked for. */
export function toIntervalMs(rate: string): number {
  const [count = "", unit = ""] = rate.split("/");
  const ms = UNIT_MS.get(unit);
  if (ms === undefined || !/^[1-9]\d*$/.test(count)) throw new Error(`"${rate}" is no pace such as 5/s`);
  return Math.ceil(ms / Number(count));
}
