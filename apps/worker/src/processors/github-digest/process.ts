import { type Changes, type DigestPayload, type DigestResult, toDeliveryId } from "@hookline/contracts";
import { hasDelivery, type JobContext, type Queues, toTargetKey } from "@hookline/queue";
import { sha256 } from "@hookline/runtime";
import type { Outbox } from "../../deliveries/outbox.ts";
import { toDigest } from "../../messages/digest.ts";
import type { Baselines } from "../../snapshots/baselines.ts";
import type { CaptureStore } from "../../snapshots/capture-store.ts";
import { diff, isUnchanged } from "../../snapshots/diff.ts";
import type { Snapshot } from "../../snapshots/snapshot.ts";
import type { ServedSnapshot, SnapshotStore } from "../../snapshots/store.ts";

export interface DigestDependencies {
  readonly queues: Queues;
  readonly snapshots: SnapshotStore;
  readonly captures: CaptureStore;
  readonly outbox: Outbox;
  /** The name by which jobs and lanes know a target. */
  readonly nameTarget: (target: DigestPayload["targets"][number]) => Promise<string>;
  readonly baselines: Baselines;
}

/** One target's share of the task: where, and what changed since it last heard of the repository. */
interface Share {
  readonly deliveryId: string;
  readonly target: string;
  readonly changes: Changes | null;
}

/** Turns a task into knowledge of a repository and queues one delivery per target. */
export function createDigestProcessor(deps: DigestDependencies) {
  return async (payload: DigestPayload, context: JobContext): Promise<DigestResult> => {
    const served = await takeSnapshot(deps, payload, context);
    const targets = await Promise.all(payload.targets.map(deps.nameTarget));
    const shares = await Promise.all(targets.map((target) => compare(deps, target, served.snapshot, context)));
    const due = payload.onlyIfChanged === true ? await withNews(deps, shares) : shares;
    const deliveries = await queueDeliveries(deps, served, due, context);
    if (payload.snapshotAt === "request") await deps.captures.forget(context.id);
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

async function compare(
  deps: DigestDependencies,
  target: string,
  snapshot: Snapshot,
  { id }: JobContext,
): Promise<Share> {
  const baseline = await deps.baselines.find(target, snapshot);
  const changes = baseline === undefined ? null : diff(baseline, snapshot);
  return { deliveryId: toDeliveryId(id, toTargetKey(target)), target, changes };
}

/** A task that runs again may find its own news delivered already: what it queued then is still its delivery. */
async function withNews({ queues }: DigestDependencies, shares: readonly Share[]): Promise<readonly Share[]> {
  const isDue = await Promise.all(
    shares.map((share) => hasNews(share) || hasDelivery(queues.deliveries, share.deliveryId)),
  );
  return shares.filter((_, index) => isDue[index]);
}

function hasNews({ changes }: Share): boolean {
  return changes === null || !isUnchanged(changes);
}

async function queueDeliveries(
  deps: DigestDependencies,
  served: ServedSnapshot,
  shares: readonly Share[],
  { id: taskId, attemptsMax: attempts, backoff, trace }: JobContext,
): Promise<DigestResult["deliveries"]> {
  if (shares.length === 0) return [];
  const targets = shares.map(({ target }) => target);
  const baseline = await deps.baselines.save(served.snapshot, targets);
  const now = new Date();
  const entries = shares.map(({ deliveryId, target, changes }) => ({
    deliveryId,
    target,
    bodyId: `${taskId}-${toContentHash(served.snapshot, changes)}`,
    document: toDigest(taskId, served, changes, now),
    baseline,
  }));
  return deps.outbox.send(taskId, entries, { attempts, backoff, trace });
}

/** The collection belongs to it: a body kept from an earlier run must not stand beside this run's baseline. */
function toContentHash({ collectedAt }: Snapshot, changes: Changes | null): string {
  return sha256(JSON.stringify([collectedAt, changes])).slice(0, 12);
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
