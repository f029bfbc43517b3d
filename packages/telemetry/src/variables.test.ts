import { readSettings } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { tracingVariables } from "./variables.ts";

const read = (env: Record<string, string>) => readSettings(tracingVariables, env);

describe("the settings of traces", () => {
  it("make no spans unless an endpoint is set", () => {
    expect(read({})).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
      OTEL_EXPORTER_OTLP_HEADERS: {},
      OTEL_SERVICE_NAME: undefined,
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
  });

  it("take headers as OpenTelemetry writes them", () => {
    const { OTEL_EXPORTER_OTLP_HEADERS: headers } = read({
      OTEL_EXPORTER_OTLP_HEADERS: "Authorization=Basic%20eDp5, x-team = a=b",
    });
    expect(headers).toEqual({ authorization: "Basic eDp5", "x-team": "a=b" });
  });

  it.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "hidden-secret"],
    ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
    ["OTEL_TRACES_SAMPLER_ARG", "half"],
  ])("refuse %s=%s, and show no secret", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
    expect(() => read({ [name]: value })).not.toThrow("hidden-secret");
  });
});
