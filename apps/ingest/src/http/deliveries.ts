import { type DeliveryQuery, operations, type RedeliverRequest, RedeliverRequestSchema } from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import type { RequestHandler } from "express";
import { findDelivery } from "../deliveries/find.ts";
import { listDeliveries } from "../deliveries/list.ts";
import { redeliverMatching, redeliverOne } from "../deliveries/redeliver.ts";
import { isKnownTarget } from "../deliveries/target-kind.ts";
import type { Dependencies } from "../dependencies.ts";
import { createQueryCheck, parsedBody, readBody, requireValid } from "./body.ts";
import { type Mount, requireRedis } from "./mount.ts";
import { ProblemError } from "./problem.ts";

const DEFAULT_LIMIT = 20;
const LARGEST_BODY = 4096;

/** `/deliveries`: what was tried at a target, and trying it again. */
export function mountDeliveries(mount: Mount, deps: Dependencies): void {
  const redis = requireRedis(deps);
  mount(operations.listDeliveries, redis, list(deps));
  mount(operations.getDelivery, redis, async (request, response) => {
    const delivery = await findDelivery(deps, String(request.params.id));
    if (delivery === undefined) throw notFound();
    response.json(delivery);
  });
  mount(operations.redeliver, redis, async (request, response) => {
    const redelivery = await redeliverOne(deps, String(request.params.id));
    switch (redelivery.result) {
      case "done":
        return void response.status(202).location(`/deliveries/${redelivery.delivery.id}`).json(redelivery.delivery);
      case "not_found":
        throw notFound();
      case "conflict":
        throw new ProblemError("conflict", { detail: redelivery.detail });
    }
  });
  const { types } = operations.redeliverMatching.body;
  mount(operations.redeliverMatching, ...readBody(types, LARGEST_BODY), redis, repeatMatching(deps));
}

function list(deps: Dependencies): RequestHandler {
  const check = createQueryCheck<DeliveryQuery>(operations.listDeliveries);
  return async (request, response) => {
    const { limit = String(DEFAULT_LIMIT), since, until, ...filter } = check(request.query);
    response.json(await listDeliveries(deps, { ...filter, ...toRange({ since, until }), limit: Number(limit) }));
  };
}

function repeatMatching(deps: Dependencies): RequestHandler {
  const validate = createValidator<RedeliverRequest>(RedeliverRequestSchema);
  return async (request, response) => {
    const { target, status = "failed", dryRun = false, ...range } = requireValid(validate(parsedBody(request)));
    // A misspelt name must not look like a target with nothing to send again.
    if (target !== undefined && !isKnownTarget(deps, target)) {
      const detail = `there is no target named ${target}`;
      throw new ProblemError("unknown_target", { detail, errors: [{ pointer: "/target", message: detail }] });
    }
    const told = await redeliverMatching(deps, { target, status, isDryRun: dryRun, ...toRange(range) });
    response.status(dryRun ? 200 : 202).json(told);
  };
}

interface Range {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

function toRange({ since, until }: Range): { since: number | undefined; until: number | undefined } {
  return { since: toMs("since", since), until: toMs("until", until) };
}

/** The format allows leap seconds, which are no time that JavaScript knows. */
function toMs(name: string, text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  const message = "must be a time that exists";
  throw new ProblemError("invalid_request", {
    detail: `/${name} ${message}`,
    errors: [{ pointer: `/${name}`, message }],
  });
}

function notFound(): ProblemError {
  return new ProblemError("not_found", { detail: "there is no such delivery, or it was cleared away" });
}
