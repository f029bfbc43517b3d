import { SpanKind } from "@opentelemetry/api";
import {
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace-base";

/**
 * Callers decide about their traces; of those begun here, `share` is kept. A trace begins with a request or a job: what
 * a worker does between jobs (it asks for the next one all the time) belongs to none.
 */
export function createSampler(share: number): Sampler {
  const ratio = new TraceIdRatioBasedSampler(share);
  const root: Sampler = {
    shouldSample(parent, traceId, _name, kind) {
      const isBeginning = kind === SpanKind.SERVER || kind === SpanKind.CONSUMER || kind === SpanKind.PRODUCER;
      return isBeginning ? ratio.shouldSample(parent, traceId) : { decision: SamplingDecision.NOT_RECORD };
    },
    toString: () => `beginnings of work, ${share} of them`,
  };
  return new ParentBasedSampler({ root });
}
