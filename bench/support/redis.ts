import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { Redis } from "ioredis";

export interface BenchRedis {
  readonly url: string;
  readonly server: EmbeddedRedis;
  readonly client: Redis;
}

export interface BenchRedisOptions {
  /** Settings over those that Hookline ships with; an append-only file written every second, unless they say otherwise. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Runs something beside a Redis of its own, which goes with its data when that ends. */
export async function withRedis<T>(use: (redis: BenchRedis) => Promise<T>, { config = {} }: BenchRedisOptions = {}) {
  const server = await startEmbeddedRedis({ directory: ".hookline", persistent: false });
  const client = new Redis(server.url);
  try {
    const settings = { appendfsync: "everysec", appendonly: "yes", ...config };
    for (const [name, value] of Object.entries(settings)) await client.config("SET", name, value);
    return await use({ url: server.url, server, client });
  } finally {
    client.disconnect();
    await server.stop();
  }
}
