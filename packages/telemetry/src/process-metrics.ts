import { readFileSync } from "node:fs";
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { addEventLoopLag } from "./event-loop-lag.ts";

/** What a scrape calls whatever is not on the list of a label's values: their number stays bounded. */
export const OTHER = "other";

/** A function that passes the listed values on and calls every other one `other`. */
export function createLabel(values: readonly string[]): (value: string) => string {
  const known = new Set(values);
  return (value) => (known.has(value) ? value : OTHER);
}

/** A registry with what both apps tell of themselves: the process, its version, and whether it has Redis. */
export function createRegistry({ isRedisReady }: { readonly isRedisReady: () => boolean }): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  addEventLoopLag(registry);
  new Gauge({
    name: "hookline_build_info",
    help: "1, with the version that runs.",
    labelNames: ["version"],
    registers,
  }).set({ version: readVersion() }, 1);
  new Gauge({
    name: "hookline_redis_up",
    help: "1 while the process has a connection to Redis, else 0.",
    registers,
    collect() {
      this.set(isRedisReady() ? 1 : 0);
    },
  });
  return registry;
}

/** All packages carry the version of the whole. */
function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return version;
}
