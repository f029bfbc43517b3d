import type { DeliveryList, DeliveryStatus, ListedDelivery } from "@hookline/contracts";
import {
  forgetDeliveries,
  type IndexedDelivery,
  type IndexQuery,
  readDeliveryIndex,
  readJob,
  toTargetKey,
} from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { configuredTargets } from "../tasks/targets.ts";
import { toListedDelivery } from "./find.ts";

export interface DeliveryFilter {
  readonly target?: string | undefined;
  readonly status?: DeliveryStatus | undefined;
  /** ms since the epoch: from the first on, before the second. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * Looked at for one page: a rare filter over many deliveries takes several pages, each quick. Other targets' deliveries
 * are known by their entries alone.
 */
const MOST_ENTRIES = 20_000;
const MOST_JOBS = 1000;
const SMALLEST_CHUNK = 50;

/** Lists deliveries, the newest first. A page may be short of `limit` and still name a next one. */
export async function listDeliveries(deps: Dependencies, filter: DeliveryFilter): Promise<DeliveryList> {
  const data: ListedDelivery[] = [];
  const query = toQuery(filter);
  let after = filter.cursor;
  for (let entries = 0, jobs = 0; entries < MOST_ENTRIES && jobs < MOST_JOBS; ) {
    const chunk = await readDeliveryIndex(deps.redis, deps.keys, { ...query, after });
    if (chunk.length === 0) return { data, nextCursor: null };
    const candidates = chunk.filter(createTargetFilter(filter.target));
    for (const { indexed, delivery } of await readListed(deps, candidates)) {
      if (matches(delivery, filter)) data.push(delivery);
      if (data.length === filter.limit) return { data, nextCursor: await cursorAfter(deps, query, indexed.entry) };
    }
    after = chunk.at(-1)?.entry;
    entries += chunk.length;
    jobs += candidates.length;
  }
  return { data, nextCursor: await cursorAfter(deps, query, after) };
}

function toQuery({ since, until, limit }: DeliveryFilter): IndexQuery {
  return { since, until, order: "newest_first", count: Math.max(SMALLEST_CHUNK, limit) };
}

/** Whether a delivery may be one to this target: the index knows targets by a hash. */
export function createTargetFilter(target: string | undefined): (indexed: IndexedDelivery) => boolean {
  if (target === undefined) return () => true;
  const wanted = toTargetKey(target);
  return ({ targetKey }) => targetKey === wanted;
}

function matches(delivery: ListedDelivery, { target, status }: DeliveryFilter): boolean {
  return (target === undefined || delivery.target === target) && (status === undefined || delivery.status === status);
}

interface Found {
  readonly indexed: IndexedDelivery;
  readonly delivery: ListedDelivery;
}

/** Reads what is still there. An entry whose job is gone, or is another one made later under its id, is forgotten. */
async function readListed(deps: Dependencies, candidates: readonly IndexedDelivery[]): Promise<Found[]> {
  const configured = configuredTargets(deps.settings, deps.project);
  const jobs = await Promise.all(candidates.map(({ id }) => readJob(deps.queues.deliveries, id)));
  const isKept = candidates.map(({ createdAt }, index) => jobs[index]?.createdAt === createdAt);
  const gone = candidates.filter((_, index) => !isKept[index]);
  await forgetDeliveries(deps.redis, deps.keys, gone);
  return candidates.flatMap((indexed, index) => {
    const job = jobs[index];
    return job === undefined || !isKept[index] ? [] : [{ indexed, delivery: toListedDelivery(job, configured) }];
  });
}

async function cursorAfter(deps: Dependencies, query: IndexQuery, after: string | undefined): Promise<string | null> {
  if (after === undefined) return null;
  const next = await readDeliveryIndex(deps.redis, deps.keys, { ...query, after, count: 1 });
  return next.length > 0 ? after : null;
}
