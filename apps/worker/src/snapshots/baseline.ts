import type { DigestStats, IssueChange } from "@hookline/contracts";
import { defineScript, type RedisConnection, runScript, type ScriptCall } from "@hookline/queue";
import { DAY_MS, type Keys, sha256 } from "@hookline/runtime";
import { packJson, unpackJson } from "../packed-json.ts";
import { SNAPSHOT_VERSION, type Snapshot } from "./snapshot.ts";

/** As much of a delivered snapshot as the next one is compared with. */
export interface Baseline {
  readonly collectedAt: string;
  readonly stats: DigestStats;
  readonly issues: readonly IssueChange[];
  readonly contributors: readonly string[];
  readonly cutLists: Snapshot["cutLists"];
}

/** Points from a target and repository to the baseline of the last digest delivered there. */
export interface BaselineRef {
  readonly id: string;
  readonly repository: string;
  readonly collectedAt: string;
}

export interface BaselineStore {
  readonly redis: RedisConnection;
  readonly keys: Keys;
}

/** A target that received nothing of a repository for this long is told everything anew. */
const KEPT_MS = 90 * DAY_MS;

/** ARGV: the baseline, ms kept, the targets that are to receive it. */
const SAVE = defineScript(`
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
for i = 3, #ARGV do redis.call("SADD", KEYS[2], ARGV[i]) end
redis.call("PEXPIRE", KEYS[2], ARGV[2])
return 1`);

/** Keeps what a snapshot will be compared with, once however many targets receive it. */
export async function saveBaseline(
  { redis, keys }: BaselineStore,
  snapshot: Snapshot,
  targets: readonly string[],
): Promise<BaselineRef> {
  const baseline = toBaseline(snapshot);
  const id = sha256(JSON.stringify(baseline)).slice(0, 24);
  const touched = [keys.baseline(id), keys.baselineUsers(id)];
  await runScript(redis, SAVE, touched, await packJson(SNAPSHOT_VERSION, baseline), KEPT_MS, ...targets);
  return { id, repository: toRepositoryKey(snapshot), collectedAt: snapshot.collectedAt };
}

/** The baseline with an id, unless it has expired. */
export async function loadBaseline({ redis, keys }: BaselineStore, id: string): Promise<Baseline | undefined> {
  return unpackJson<Baseline>(SNAPSHOT_VERSION, await redis.getBuffer(keys.baseline(id)));
}

/** The baseline of the last digest of the snapshot's repository that a target received. */
export async function findBaseline(
  { redis, keys }: BaselineStore,
  {
    target,
    snapshot,
    load,
  }: {
    readonly target: string;
    readonly snapshot: Snapshot;
    readonly load: (id: string) => Promise<Baseline | undefined>;
  },
): Promise<Baseline | undefined> {
  const text = await redis.get(keys.lastDelivered(target, toRepositoryKey(snapshot)));
  return text === null ? undefined : load((JSON.parse(text) as BaselineRef).id);
}

/**
 * In one step, for two digests may arrive at the same moment. The times are ISO 8601 in UTC, which sort as text.
 * A baseline that no target needs any longer goes: every collection makes one. A full Redis refuses a script whose first
 * write needs room: what has arrived is to be noted even then. ARGV: the reference, its time, ms kept, the target, what
 * the keys of baselines and of their users begin with.
 */
const NOTE = defineScript(`
local function leave(id)
  local users = ARGV[6] .. id
  if redis.call("SREM", users, ARGV[4]) == 1 and redis.call("SCARD", users) == 0 then redis.call("DEL", ARGV[5] .. id) end
end
local text = redis.call("GET", KEYS[1])
local known, new = text and cjson.decode(text), cjson.decode(ARGV[1])
if known and known.collectedAt > ARGV[2] then
  leave(new.id)
  return 0
end
redis.call("PEXPIRE", KEYS[2], ARGV[3])
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[3])
redis.call("SADD", KEYS[3], ARGV[4])
redis.call("PEXPIRE", KEYS[3], ARGV[3])
if known and known.id ~= new.id then leave(known.id) end
return 1`);

/** What notes that a target received a digest, unless it has received a newer one. */
export function toDeliveredNote(keys: Keys, target: string, delivered: BaselineRef): ScriptCall {
  const { id, repository, collectedAt } = delivered;
  const touched = [keys.lastDelivered(target, repository), keys.baseline(id), keys.baselineUsers(id)];
  const others = [keys.baseline(""), keys.baselineUsers("")];
  const texts = [JSON.stringify(delivered), collectedAt, KEPT_MS, target, ...others];
  return { script: NOTE, keys: touched, texts };
}

/** As much of a snapshot as the next one is compared with. Pure. */
export function toBaseline({ collectedAt, stats, issues, contributors, cutLists }: Snapshot): Baseline {
  return {
    collectedAt,
    stats,
    issues: issues.map(({ number, title, url, author }) => ({ number, title, url, author })),
    contributors: contributors.map(({ user }) => user),
    cutLists,
  };
}

function toRepositoryKey({ user, repository }: Snapshot): string {
  return `${user}/${repository}`.toLowerCase();
}
