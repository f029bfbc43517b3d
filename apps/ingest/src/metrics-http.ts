import { type Operation, operations, problemTypes } from "@hookline/contracts";
import { createLabel } from "@hookline/telemetry";
import { Counter, Histogram, type Registry } from "prom-client";

export interface ObservedRequest {
  readonly method: string;
  /** The operation's path as the contract writes it, or {@link OTHER_ROUTE}. */
  readonly route: string;
  readonly status: number;
}

/** Whatever is no operation: pages, and paths that do not exist. */
export const OTHER_ROUTE = "other";

/** Node's parser takes some 35 methods: these are ours, or a browser's. */
const toMethod = createLabel(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]);

/** Counts and times requests. Every status that the contract knows is there from the start, at 0. */
export function addRequestMetrics(registry: Registry): (request: ObservedRequest, seconds: number) => void {
  const requests = new Counter({
    name: "hookline_http_requests_total",
    help: "HTTP requests answered.",
    labelNames: ["method", "route", "status"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "hookline_http_request_duration_seconds",
    help: "Time from the request's head to the end of the answer.",
    labelNames: ["method", "route"],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  for (const labels of Object.values<Operation>(operations).flatMap(toKnownLabels)) requests.inc(labels, 0);
  return ({ method: asked, route, status }, seconds) => {
    const method = toMethod(asked);
    requests.inc({ method, route, status }, 1);
    durations.observe({ method, route }, seconds);
  };
}

function toKnownLabels({ method, path: route, answers, problems }: Operation) {
  const statuses = new Set([...Object.keys(answers).map(Number), ...problems.map((name) => problemTypes[name].status)]);
  return [...statuses, problemTypes.internal_error.status].map((status) => ({
    method: method.toUpperCase(),
    route,
    status,
  }));
}
