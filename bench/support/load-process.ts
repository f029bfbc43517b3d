/** The load generator: does what its parent asks for, one load after the other, and tells what came of it. */
import { cpuUsage } from "node:process";
import autocannon from "autocannon";
import type { Load, LoadResult } from "./load.ts";

process.on("message", (load: Load) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});

async function run({ url, seconds, connections, body }: Load): Promise<LoadResult> {
  const before = cpuUsage();
  const startedAt = performance.now();
  const instance = autocannon({
    url,
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    connections,
    duration: seconds,
    idReplacement: true,
    sampleInt: 100,
  });
  const latenciesMs: number[] = [];
  const others: Record<number, number> = {};
  instance.on("response", (_client: unknown, status: number, _bytes: number, ms: number) => {
    if (status === 202) latenciesMs.push(ms);
    else others[status] = (others[status] ?? 0) + 1;
  });
  const { errors, timeouts } = await instance;
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const { user, system } = cpuUsage(before);
  return { latenciesMs, seconds: elapsedSeconds, cpuUs: user + system, others, errors: errors + timeouts };
}
