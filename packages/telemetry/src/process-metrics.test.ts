import { parseExposition, waitUntil } from "@hookline/testing";
import { describe, expect, it } from "@jest/globals";
import { createLabel, createRegistry } from "./process-metrics.ts";

describe("createLabel", () => {
  it("passes listed values on and calls every other one other", () => {
    const toLabel = createLabel(["a", "b"]);
    expect(["a", "b", "c", "__proto__", ""].map(toLabel)).toEqual(["a", "b", "other", "other", "other"]);
  });
});

describe("createRegistry", () => {
  const lag = async (registry: ReturnType<typeof createRegistry>) =>
    parseExposition(await registry.metrics()).find(({ name }) => name === "hookline_event_loop_lag_seconds")?.samples ??
    [];

  it("tells a blocked event loop from an idle one", async () => {
    const registry = createRegistry({ isRedisReady: () => false });
    const until = performance.now() + 400;
    while (performance.now() < until);
    const slow = async () => {
      const samples = await lag(registry);
      const count = (le: string) => samples.find(({ labels }) => labels.le === le)?.value ?? 0;
      return count("+Inf") - count("0.25");
    };
    expect(await waitUntil(slow, { what: "the lag is told" })).toBe(1);
    const text = await registry.metrics();
    expect(text).not.toMatch(/nodejs_eventloop_lag_(p99|mean)_seconds/);
    expect(text).toMatch(/^hookline_redis_up 0$/m);
  });
});
