import type { Logger, SettingsOf } from "@hookline/runtime";
import { createPassing, type Tracing } from "./tracing.ts";
import type { tracingVariables } from "./variables.ts";

/** Makes spans where an endpoint is set; only then is anything of OpenTelemetry loaded. */
export async function startTracing(
  service: string,
  settings: SettingsOf<typeof tracingVariables>,
  log: Logger,
): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = settings;
  if (endpoint === undefined) return createPassing();
  const { startSpans } = await import("./spans.ts");
  return startSpans({
    endpoint,
    headers: settings.OTEL_EXPORTER_OTLP_HEADERS,
    service: settings.OTEL_SERVICE_NAME ?? service,
    share: settings.OTEL_TRACES_SAMPLER_ARG,
    log,
  });
}
