import { createLabel } from "@hookline/telemetry";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { LimitState } from "./github/rate-limit.ts";

/** Without an answer, and the statuses that GitHub documents. */
const STATUSES = ["error", 200, 201, 202, 204, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 410, 422, 429, 451];
const FAILURES = [500, 502, 503, 504];
const toStatus = createLabel([...STATUSES, ...FAILURES].map(String));
/** Told from the start, at 0: what dashboards and alarms ask for. */
const USUAL = ["200", "304", "403", "429", "error"];

export function addGithubCounters(registry: Registry) {
  const requests = new Counter({
    name: "hookline_github_requests_total",
    help: "Requests sent to GitHub by the status of the answer; a 304 says that what we have still holds.",
    labelNames: ["status"],
    registers: [registry],
  });
  for (const status of USUAL) requests.inc({ status }, 0);
  const duration = new Histogram({
    name: "hookline_github_request_duration_seconds",
    help: "Time from a request to GitHub to the end of its answer.",
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  return {
    observeGithubRequest(status: number | "error", seconds: number) {
      requests.inc({ status: toStatus(String(status)) }, 1);
      duration.observe(seconds);
    },
  };
}

export interface GithubBudget {
  /** "anonymous", or a hash of the token. */
  readonly credential: string;
  /** What all replicas know of the limit; `undefined` while that cannot be told. */
  readonly readLimit: () => Promise<LimitState | undefined>;
}

/**
 * GitHub's limit on REST as all replicas know it, read at the scrape: what a replica that has been idle since remembers
 * would be an alarm without a cause. Once the limit was reset, all of it is left.
 */
export function addGithubBudget(registry: Registry, { credential, readLimit }: GithubBudget): void {
  let reading: Promise<LimitState["budget"]> | undefined;
  const readBudget = () => {
    reading ??= readLimit()
      .then((state) => state?.budget)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const add = (name: string, help: string, pick: (budget: NonNullable<LimitState["budget"]>) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["credential"],
      registers: [registry],
      async collect() {
        const budget = await readBudget();
        this.reset();
        if (budget !== undefined) this.set({ credential }, pick(budget));
      },
    });
  add(
    "hookline_github_rate_limit_remaining",
    "Requests that GitHub still allows, by credential (hashed).",
    ({ limit, remaining, resetAt }) => (resetAt > Date.now() ? remaining : limit),
  );
  add(
    "hookline_github_rate_limit_max",
    "Requests that GitHub allows in an hour, by credential (hashed).",
    ({ limit }) => limit,
  );
  add(
    "hookline_github_rate_limit_reset_timestamp_seconds",
    "When GitHub counts anew, by credential (hashed).",
    ({ resetAt }) => resetAt / 1000,
  );
}
