import { Histogram, type Registry } from "prom-client";

const PERIOD_MS = 50;

/**
 * How late the event loop is for a timer, every 50 ms. prom-client's own quantiles are removed: they come from
 * `monitorEventLoopDelay`, which counts its timer's 10 ms as lag, and start anew at every scrape, whoever scrapes.
 */
export function addEventLoopLag(registry: Registry): void {
  for (const part of ["min", "max", "mean", "stddev", "p50", "p90", "p99"]) {
    registry.removeSingleMetric(`nodejs_eventloop_lag_${part}_seconds`);
  }
  const lag = new Histogram({
    name: "hookline_event_loop_lag_seconds",
    help: "How late the event loop was for a timer.",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  let startedAt = performance.now();
  setInterval(() => {
    const now = performance.now();
    lag.observe(Math.max(0, now - startedAt - PERIOD_MS) / 1000);
    startedAt = now;
  }, PERIOD_MS).unref();
}
