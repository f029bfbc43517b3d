import { gunzipSync } from "node:zlib";
import type { RedisConnection } from "@hookline/queue";
import { connectTo, type RedisEnvironment } from "./redis.ts";

/** Every value that is in Redis, as text. */
export async function dump(env: RedisEnvironment, isMeant: (key: string) => boolean = () => true): Promise<string> {
  const client = connectTo(env);
  try {
    // Each node of a Cluster knows its own keys only.
    const nodes = "nodes" in client ? client.nodes("master") : [client];
    const keys = (await Promise.all(nodes.map((node) => node.keys("*")))).flat().filter(isMeant);
    return (await Promise.all(keys.map(async (key) => `${key} ${await readText(client, key)}`))).join("\n");
  } finally {
    client.disconnect();
  }
}

async function readText(client: RedisConnection, key: string): Promise<string> {
  const type = await client.type(key);
  switch (type) {
    case "string":
      return unzipped(await client.getBuffer(key));
    case "hash":
      return JSON.stringify(await client.hgetall(key));
    case "list":
      return JSON.stringify(await client.lrange(key, 0, -1));
    case "set":
      return JSON.stringify(await client.smembers(key));
    case "zset":
      return JSON.stringify(await client.zrange(key, "0", "-1"));
    case "stream":
      return JSON.stringify(await client.xrange(key, "-", "+"));
    default:
      throw new Error(`a ${type} that this test cannot read: ${key}`);
  }
}

/** Larger values are stored compressed, where a search would miss what it looks for. */
function unzipped(value: Buffer | null): string {
  const bytes = value ?? Buffer.alloc(0);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
}
