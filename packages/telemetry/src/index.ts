export * from "./process-metrics.ts";
export * from "./start-tracing.ts";
export * from "./tracing.ts";
export * from "./variables.ts";
