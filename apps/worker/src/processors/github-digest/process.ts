import { type Changes, type DigestPayload, type DigestResult, type TargetRef, toDeliveryId } from "@hookline/contracts";
import {
  addDeliveries,
  type JobContext,
  type NewDelivery,
  type Queues,
  toTargetKey,
  toTargetName,
} from "@hookline/queue";
import { sha256 } from "@hookline/runtime";
import type { BodyStore } from "../../messages/body-store.ts";
import { toDigest } from "../../messages/digest.ts";
import type { Baseline, BaselineRef } from "../../snapshots/baseline.ts";
import type { CaptureStore } from "../../snapshots/capture-store.ts";
import { diff, isUnchanged } from "../../snapshots/diff.ts";
import type { Snapshot } from "../../snapshots/snapshot.ts";
import type { ServedSnapshot, SnapshotStore } from "../../snapshots/store.ts";

export interface DigestDependencies {
  readonly queues: Queues;
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
  readonly bodies: BodyStore;
  readonly baselines: {
    save(snapshot: Snapshot): Promise<BaselineRef>;
    find(target: string, snapshot: Snapshot): Promise<Baseline | undefined>;
  };
}

/** One target's share of the task: where, and what changed since it last heard of the repository. */
interface Share {
  readonly target: TargetRef;
  readonly changes: Changes | null;
}

/** Turns a task into knowledge of a repository and queues one delivery per target. */
export function createDigestProcessor(deps: DigestDependencies) {
  return async (payload: DigestPayload, context: JobContext): Promise<DigestResult> => {
    const served = await takeSnapshot(deps, payload, context);
    const shares = await Promise.all(payload.targets.map((target) => compare(deps, target, served.snapshot)));
    const due = payload.onlyIfChanged === true ? shares.filter(hasNews) : shares;
    const deliveries = await queueDeliveries(deps, served, due, context);
    await deps.captures.forget(context.id);
    return toResult(served, deliveries);
  };
}

async function takeSnapshot(
  deps: DigestDependencies,
  payload: DigestPayload,
  context: JobContext,
): Promise<ServedSnapshot> {
  const captured = payload.snapshotAt === "request" ? await deps.captures.find(context.id) : undefined;
  return captured ?? deps.snapshots.get(payload, context.signal);
}

async function compare(deps: DigestDependencies, target: TargetRef, snapshot: Snapshot): Promise<Share> {
  const baseline = await deps.baselines.find(toTargetName(target), snapshot);
  return { target, changes: baseline === undefined ? null : diff(baseline, snapshot) };
}

function hasNews({ changes }: Share): boolean {
  return changes === null || !isUnchanged(changes);
}

async function queueDeliveries(
  deps: DigestDependencies,
  served: ServedSnapshot,
  shares: readonly Share[],
  context: JobContext,
): Promise<DigestResult["deliveries"]> {
  if (shares.length === 0) return [];
  const baseline = await deps.baselines.save(served.snapshot);
  const now = new Date();
  const bodyIds = new Map<string, Promise<string>>();
  const saveBody = (changes: Changes | null): Promise<string> => {
    const hash = sha256(JSON.stringify(changes)).slice(0, 12);
    const known = bodyIds.get(hash);
    if (known !== undefined) return known;
    const bodyId = `${context.id}-${hash}`;
    const digest = toDigest(context.id, served, changes, now);
    const saving = deps.bodies.save(bodyId, Buffer.from(JSON.stringify(digest))).then(() => bodyId);
    bodyIds.set(hash, saving);
    return saving;
  };
  const deliveries: NewDelivery[] = await Promise.all(
    shares.map(async ({ target, changes }) => ({
      id: toDeliveryId(context.id, toTargetKey(target)),
      payload: { taskId: context.id, target, bodyId: await saveBody(changes), baseline },
      attempts: context.attemptsMax,
      backoff: context.backoff,
    })),
  );
  await addDeliveries(deps.queues, deliveries);
  return deliveries.map(({ id, payload }) => ({ id, target: toTargetName(payload.target) }));
}

function toResult(
  { snapshot, source, githubRequests }: ServedSnapshot,
  deliveries: DigestResult["deliveries"],
): DigestResult {
  return {
    outcome: deliveries.length > 0 ? "deliveries_queued" : "unchanged",
    username: snapshot.user,
    repository: snapshot.repository,
    collectedAt: snapshot.collectedAt,
    githubRequests,
    isStale: source === "stale",
    isPartial: snapshot.partialReasons.length > 0,
    deliveries,
  };
}
