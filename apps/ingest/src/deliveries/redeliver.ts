import { type Delivery, type DeliveryPayload, isDeliveryId, type Redelivered } from "@hookline/contracts";
import {
  type DeliveryRange,
  type EndedDelivery,
  findEnded,
  type JobRecord,
  type RedeliverResult,
  readDeliveryIndex,
  readJob,
  redeliver,
  toTargetName,
} from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { findDelivery } from "./find.ts";
import { createTargetFilter } from "./list.ts";

export type Redelivery =
  | { readonly result: "done"; readonly delivery: Delivery }
  | { readonly result: "not_found" }
  | { readonly result: "conflict"; readonly detail: string };

/** Puts a delivery that failed or arrived back with all its attempts, under the same id. */
export async function redeliverOne(deps: Dependencies, id: string): Promise<Redelivery> {
  const job = isDeliveryId(id) ? await readJob(deps.queues.deliveries, id) : undefined;
  const result = job === undefined ? "not_found" : await putBack(deps, job);
  const delivery = await findDelivery(deps, id);
  if (delivery === undefined || result === "not_found") return { result: "not_found" };
  if (result === "message_expired") return { result: "conflict", detail: "its message has expired" };
  if (result === "wrong_state") return { result: "conflict", detail: `the delivery is ${delivery.status}` };
  deps.log.info("delivery.redelivered", { id, target: delivery.target, was: job?.state });
  return { result, delivery };
}

async function putBack(deps: Dependencies, { id, state, payload }: JobRecord): Promise<RedeliverResult> {
  if (state !== "failed" && state !== "completed") return "wrong_state";
  return redeliver(deps.queues.deliveries, deps.keys, { id, state, payload: payload as DeliveryPayload });
}

export interface RedeliverFilter extends DeliveryRange {
  readonly target?: string | undefined;
  readonly status: "failed" | "delivered";
  readonly isDryRun: boolean;
}

const CHUNK = 500;
/** Deliveries put back at once: enough to keep the connection busy, and never thousands of commands that wait. */
const AT_ONCE = 50;

/**
 * Puts back all deliveries that match and were made before the call, the oldest first, or only counts them.
 *
 * @throws the connection's error when Redis goes away midway; repeating the call then does the rest.
 */
export async function redeliverMatching(deps: Dependencies, filter: RedeliverFilter): Promise<Redelivered> {
  const told = { matched: 0, redelivered: 0 };
  for await (const ended of findMatching(deps, filter)) {
    told.matched += ended.length;
    if (!filter.isDryRun) told.redelivered += await redeliverAll(deps, ended);
  }
  const { target, status, isDryRun } = filter;
  deps.log.info("deliveries.redelivered", { target, status, isDryRun, ...told });
  return told;
}

/** Walks the index in chunks, so that it takes the same memory however many there are. */
async function* findMatching(deps: Dependencies, filter: RedeliverFilter): AsyncGenerator<EndedDelivery[]> {
  const { target, since, until = Date.now() + 1 } = filter;
  const state = filter.status === "delivered" ? "completed" : "failed";
  let after: string | undefined;
  do {
    const query = { since, until, order: "oldest_first", count: CHUNK, after } as const;
    const chunk = await readDeliveryIndex(deps.redis, deps.keys, query);
    const ended = await findEnded(deps.queues.deliveries, state, chunk.filter(createTargetFilter(target)));
    yield ended.filter(({ payload }) => target === undefined || toTargetName(payload.target) === target);
    after = chunk.at(-1)?.entry;
  } while (after !== undefined);
}

async function redeliverAll(deps: Dependencies, ended: readonly EndedDelivery[]): Promise<number> {
  let done = 0;
  for (let start = 0; start < ended.length; start += AT_ONCE) {
    const some = ended.slice(start, start + AT_ONCE);
    const results = await Promise.all(some.map((each) => redeliver(deps.queues.deliveries, deps.keys, each)));
    done += results.filter((result) => result === "done").length;
  }
  return done;
}
