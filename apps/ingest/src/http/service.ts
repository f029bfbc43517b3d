import { operations } from "@hookline/contracts";
import { readRedisState, redisAlarms } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { toOpenApi } from "./openapi.ts";
import { ProblemError } from "./problem.ts";

/** What machines ask the service about itself. */
export function mountService(mount: Mount, deps: Dependencies): void {
  mount(operations.health, (_request, response) => void response.json({ status: "ok" }));
  mount(operations.ready, requireRedis(deps), async (_request, response) => {
    if (deps.isDraining()) throw new ProblemError("unavailable", { detail: "the process is shutting down" });
    const state = await readRedisState(deps.redis, deps.keys);
    if (state !== "ready") throw new ProblemError("unavailable", { detail: redisAlarms[state] });
    response.json({ status: "ready" });
  });
  mount(operations.metrics, async (_request, response) => {
    const { registry } = deps.metrics;
    response.type(registry.contentType).send(await registry.metrics());
  });
  const document = toOpenApi(Object.values(operations));
  mount(operations.openapi, (_request, response) => void response.json(document));
}
