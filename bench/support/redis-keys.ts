import type { Redis } from "ioredis";

const SAMPLE = 500;

/** Bytes a task by kind of key, as `MEMORY USAGE` has it: the mean of a sample's keys, times their number. */
export async function measureKinds(client: Redis, tasks: number): Promise<Readonly<Record<string, number>>> {
  const groups = groupByKind(await scan(client));
  const bytes = [...groups].map(async ([kind, keys]) => {
    const sample = keys.slice(0, SAMPLE);
    const sizes = await Promise.all(sample.map(async (key) => Number(await client.memory("USAGE", key, "SAMPLES", 0))));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    return [kind, (mean * keys.length) / tasks] as const;
  });
  const told = (await Promise.all(bytes)).filter(([, value]) => value >= 1);
  return Object.fromEntries(told.sort(([, a], [, b]) => b - a));
}

function groupByKind(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const kind = toKind(key);
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [key]);
    else group.push(key);
  }
  return groups;
}

async function scan(client: Redis): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of client.scanStream({ count: 1000 })) found.push(...(keys as string[]));
  return found;
}

/** What a key is for, read off its name. */
export function toKind(key: string): string {
  const name = key.replace(/^\{[^}]*\}:/, "");
  if (/^tasks:de:/.test(name)) return "deduplication key";
  if (/^tasks:[tc]?[0-9a-f-]{20,}$|^tasks:\d+$/.test(name)) return "job";
  return name;
}
