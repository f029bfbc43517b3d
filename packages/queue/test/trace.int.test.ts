import type { TraceContext } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { JobContext } from "../src/processor.ts";
import { type Bench, openBench } from "./support/bench.ts";

const TRACE: TraceContext = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=1",
};

describe("a job's trace", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.stop());

  const readOptions = async (id: string) => {
    const { queue } = bench.queues.tasks;
    return JSON.parse((await bench.redis.hget(queue.toKey(id), "opts")) ?? "") as Record<string, unknown>;
  };
  /** Works one job and returns what its processor was told, and the traces that it was run in. */
  const work = async () => {
    const contexts: JobContext[] = [];
    const traces: unknown[] = [];
    bench.work(async (_, context) => void contexts.push(context), {
      within: (trace, run) => {
        traces.push(trace);
        return run();
      },
    });
    await waitUntil(() => contexts.length > 0, { what: "the job runs" });
    return { trace: contexts[0]?.trace, traces };
  };

  it("goes with it to the worker, which runs it as a part of that", async () => {
    await bench.add({ trace: TRACE });
    expect(await work()).toEqual({ trace: TRACE, traces: [TRACE] });
  });

  it("takes no byte of a job without one", async () => {
    const { id } = await bench.add();
    expect(Object.keys(await readOptions(id))).not.toContain("tm");
    expect(await work()).toEqual({ trace: undefined, traces: [undefined] });
  });

  it("is that of the first of two equal tasks", async () => {
    const { id } = await bench.add({ trace: TRACE, delayMs: 60_000 });
    const other = { traceparent: TRACE.traceparent.replaceAll("b7", "c8") };
    expect(await bench.add({ trace: other, delayMs: 60_000 })).toEqual({ id, isDuplicate: true });
    expect(await readOptions(id)).toMatchObject({ tm: JSON.stringify(TRACE) });
  });

  it.each([
    "{",
    "null",
    '"text"',
    '{"traceparent":7}',
    '{"traceparent":"00-x"}',
  ])("is none when it is %s", async (text) => {
    const { queue } = bench.queues.tasks;
    const { id } = await bench.add({ delayMs: 60_000 });
    await bench.redis.hset(queue.toKey(id), "opts", JSON.stringify({ ...(await readOptions(id)), tm: text }));
    await (await queue.getJob(id))?.promote();
    expect(await work()).toEqual({ trace: undefined, traces: [undefined] });
  });
});
