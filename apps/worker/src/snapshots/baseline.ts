import type { DigestStats, IssueChange } from "@hookline/contracts";
import type { RedisConnection } from "@hookline/queue";
import { type Keys, sha256 } from "@hookline/runtime";
import { packJson, unpackJson } from "../packed-json.ts";
import type { Snapshot } from "./snapshot.ts";

/** As much of a delivered snapshot as the next one is compared with. */
export interface Baseline {
  readonly collectedAt: string;
  readonly stats: DigestStats;
  readonly issues: readonly IssueChange[];
  readonly contributors: readonly string[];
  readonly partialReasons: readonly string[];
}

/** Points from a target and repository to the baseline of the last digest delivered there. */
export interface BaselineRef {
  readonly id: string;
  readonly repository: string;
  readonly collectedAt: string;
}

interface Store {
  readonly redis: RedisConnection;
  readonly keys: Keys;
}

/** A target that received nothing of a repository for this long is told everything anew. */
const KEPT_MS = 90 * 86_400_000;

/** Keeps what a snapshot will be compared with, once however many targets receive it. */
export async function saveBaseline({ redis, keys }: Store, snapshot: Snapshot): Promise<BaselineRef> {
  const baseline = toBaseline(snapshot);
  const id = sha256(JSON.stringify(baseline)).slice(0, 24);
  await redis.set(keys.baseline(id), await packJson(baseline), "PX", KEPT_MS);
  return { id, repository: toRepositoryKey(snapshot), collectedAt: snapshot.collectedAt };
}

/** The baseline of the last digest of a repository that a target received. */
export async function findBaseline(
  { redis, keys }: Store,
  target: string,
  snapshot: Snapshot,
): Promise<Baseline | undefined> {
  const text = await redis.get(keys.lastDelivered(target, toRepositoryKey(snapshot)));
  if (text === null) return undefined;
  const packed = await redis.getBuffer(keys.baseline((JSON.parse(text) as BaselineRef).id));
  return packed === null ? undefined : unpackJson<Baseline>(packed);
}

/** Notes that a target received a digest, unless it has received a newer one. */
export async function noteDelivered({ redis, keys }: Store, target: string, delivered: BaselineRef): Promise<void> {
  const key = keys.lastDelivered(target, delivered.repository);
  const text = await redis.get(key);
  if (text !== null && (JSON.parse(text) as BaselineRef).collectedAt > delivered.collectedAt) return;
  await redis
    .multi()
    .set(key, JSON.stringify(delivered), "PX", KEPT_MS)
    .pexpire(keys.baseline(delivered.id), KEPT_MS)
    .exec();
}

function toBaseline({ collectedAt, stats, issues, contributors, partialReasons }: Snapshot): Baseline {
  return {
    collectedAt,
    stats,
    issues: issues.map(({ number, title, url, author }) => ({ number, title, url, author })),
    contributors: contributors.map(({ user }) => user),
    partialReasons,
  };
}

function toRepositoryKey({ user, repository }: Snapshot): string {
  return `${user}/${repository}`.toLowerCase();
}
