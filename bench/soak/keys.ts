import type { World } from "./world.ts";

const COUNT = 1000;
const MOST_SHOWN = 8;
/** BullMQ's own keys of a queue that are no jobs. */
const QUEUES = new Set(["tasks", "deliveries"]);
const JOB_ID = /^[td][0-9a-f]{28}/;

/** How many keys of every kind Redis holds. */
export type KeyCounts = ReadonlyMap<string, number>;

export async function countKeys({ client }: World): Promise<KeyCounts> {
  const counts = new Map<string, number>();
  let cursor = "0";
  do {
    const [next, keys] = await client.scan(cursor, "COUNT", COUNT);
    for (const key of keys) counts.set(toKind(key), (counts.get(toKind(key)) ?? 0) + 1);
    cursor = next;
  } while (cursor !== "0");
  return counts;
}

/** What follows the prefix's hash tag, without ids: `delivered`, `tasks:job`, `tasks:wait`. */
function toKind(key: string): string {
  const [, name = key, first = ""] = /^\{[^}]*\}:([^:]*):?([^:]*)/.exec(key) ?? [];
  if (!QUEUES.has(name)) return name;
  return JOB_ID.test(first) ? `${name}:job` : `${name}:${first}`;
}

/** The kinds that have changed most, as one line. */
export function toGrowth(before: KeyCounts, after: KeyCounts): string {
  const kinds = [...new Set([...before.keys(), ...after.keys()])];
  const grown = kinds.map((kind) => ({ kind, from: before.get(kind) ?? 0, to: after.get(kind) ?? 0 }));
  const most = grown.sort((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from)).slice(0, MOST_SHOWN);
  return most.map(({ kind, from, to }) => `${kind} ${from} → ${to}`).join(", ");
}
