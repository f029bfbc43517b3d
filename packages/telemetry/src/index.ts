export * from "./process-metrics.ts";
