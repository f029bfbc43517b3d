import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type EmbeddedRedis, findRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { Redis } from "ioredis";

export interface BenchRedis {
  readonly url: string;
  readonly server: EmbeddedRedis;
  readonly client: Redis;
}

export interface BenchRedisOptions {
  /** Settings over those that Hookline ships with; an append-only file written every second, unless they say otherwise. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keeps its data over a restart; default false. */
  readonly isPersistent?: boolean;
}

const DIRECTORY = ".hookline";

/** Runs something beside a Redis of its own, which goes with its data when that ends. */
export async function withRedis<T>(
  use: (redis: BenchRedis) => Promise<T>,
  { config = {}, isPersistent = false }: BenchRedisOptions = {},
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "hookline-bench-redis-"));
  const server = isPersistent
    ? await startEmbeddedRedis({ directory, env: await toEnvWithRedis() })
    : await startEmbeddedRedis({ directory: DIRECTORY, persistent: false });
  const client = new Redis(server.url);
  // A server that is killed on purpose is no news.
  client.on("error", () => undefined);
  try {
    const settings = { appendfsync: "everysec", appendonly: "yes", ...config };
    for (const [name, value] of Object.entries(settings)) await client.config("SET", name, value);
    return await use({ url: server.url, server, client });
  } finally {
    client.disconnect();
    await server.stop();
    await rm(directory, { recursive: true });
  }
}

/** Data of its own, and yet the program that was got before: found on the PATH. */
async function toEnvWithRedis(): Promise<NodeJS.ProcessEnv> {
  const found = await findRedis({ directory: DIRECTORY });
  if (found.kind !== "program") return process.env;
  return { ...found.env, PATH: [dirname(found.command), found.env.PATH ?? ""].join(delimiter) };
}
