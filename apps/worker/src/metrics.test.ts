import type { TaskKind } from "@hookline/contracts";
import type { Consumer } from "@hookline/queue";
import { lintExposition, parseExposition } from "@hookline/testing";
import { describe, expect, it } from "@jest/globals";
import { createMetrics } from "./metrics.ts";
import { addConsumerGauges, addStalledCounter } from "./metrics-consumers.ts";
import { addGithubBudget } from "./metrics-github.ts";

const budget = { limit: 5000, remaining: 12, resetAt: Date.now() + 60_000 };

function start(state: { limit: number; remaining: number; resetAt: number } | undefined = budget) {
  const metrics = createMetrics({ isRedisReady: () => true });
  const consumer: Consumer = {
    name: "tasks",
    concurrency: 20,
    activity: () => ({ active: 3, lastStartedAt: 1_900_000_000_000 }),
    drain: async () => undefined,
  };
  addConsumerGauges(metrics.registry, [consumer]);
  const countStalled = addStalledCounter(metrics.registry);
  addGithubBudget(metrics.registry, {
    credential: "0123456789ab",
    readLimit: async () => ({ blockedUntil: 0, strikes: 0, budget: state }),
  });
  return { metrics, countStalled, scrape: () => metrics.registry.metrics() };
}

async function read(text: Promise<string>, name: string, labels: Record<string, string> = {}) {
  const samples = parseExposition(await text).flatMap((family) => family.samples);
  const entries = Object.entries(labels);
  return samples.find((each) => each.name === name && entries.every(([key, value]) => each.labels[key] === value))
    ?.value;
}

describe("a worker's /metrics", () => {
  it("keeps to Prometheus's conventions", async () => {
    expect(lintExposition(await start().scrape(), 30)).toEqual([]);
  });

  it("tells what can happen before it has, at 0", async () => {
    const { scrape } = start();
    expect(await read(scrape(), "hookline_tasks_total", { kind: "github.digest", outcome: "failed" })).toBe(0);
    expect(await read(scrape(), "hookline_deliveries_total", { kind: "slack", outcome: "gone" })).toBe(0);
    expect(await read(scrape(), "hookline_github_requests_total", { status: "304" })).toBe(0);
    expect(await read(scrape(), "hookline_snapshots_total", { source: "stale" })).toBe(0);
    expect(await read(scrape(), "hookline_jobs_stalled_total", { queue: "tasks", fate: "failed" })).toBe(0);
  });

  it("tells how busy the replica is and what it has done", async () => {
    const { metrics, countStalled, scrape } = start();
    metrics.countTask("message.deliver", "retried");
    metrics.observeGithubRequest(304, 0.02);
    countStalled("tasks", "recovered");
    expect(await read(scrape(), "hookline_worker_slots", { queue: "tasks" })).toBe(20);
    expect(await read(scrape(), "hookline_worker_active_jobs", { queue: "tasks" })).toBe(3);
    expect(await read(scrape(), "hookline_worker_last_start_timestamp_seconds", { queue: "tasks" })).toBe(1.9e9);
    expect(await read(scrape(), "hookline_tasks_total", { kind: "message.deliver", outcome: "retried" })).toBe(1);
    expect(await read(scrape(), "hookline_github_requests_total", { status: "304" })).toBe(1);
    expect(await read(scrape(), "hookline_jobs_stalled_total", { fate: "recovered" })).toBe(1);
  });

  it("has no more series after jobs of odd kinds and odd statuses", async () => {
    const { metrics, scrape } = start();
    metrics.countTask("odd" as TaskKind, "failed");
    metrics.observeGithubRequest(599, 1);
    const before = (await scrape()).split("\n").length;
    for (let index = 0; index < 2000; index += 1) {
      metrics.countTask(`kind-${index}` as TaskKind, "failed");
      metrics.observeGithubRequest(600 + index, 1);
    }
    expect((await scrape()).split("\n").length).toBe(before);
    expect(await read(scrape(), "hookline_tasks_total", { kind: "other", outcome: "failed" })).toBe(2001);
    expect(await read(scrape(), "hookline_github_requests_total", { status: "other" })).toBe(2001);
  });

  it("tells GitHub's budget as all replicas know it, and all of it once it was reset", async () => {
    const labels = { credential: "0123456789ab" };
    expect(await read(start().scrape(), "hookline_github_rate_limit_remaining", labels)).toBe(12);
    const past = { ...budget, resetAt: Date.now() - 1 };
    expect(await read(start(past).scrape(), "hookline_github_rate_limit_remaining", labels)).toBe(5000);
    expect(await read(start(past).scrape(), "hookline_github_rate_limit_max", labels)).toBe(5000);
  });
});
