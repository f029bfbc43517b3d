import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";

export interface UsedRedis {
  readonly url: string;
  readonly source: string;
  stop(): Promise<void>;
}

/** The Redis of `REDIS_URL`, else a private one whose data stays in `directory` across restarts. */
export async function useRedis(redisUrl: string | undefined, directory: string): Promise<UsedRedis> {
  if (redisUrl !== undefined && redisUrl !== "")
    return { url: redisUrl, source: "REDIS_URL", stop: async () => undefined };
  const log = (line: string) => console.log(line);
  const redis: EmbeddedRedis = await startEmbeddedRedis({ directory, log });
  return redis;
}
