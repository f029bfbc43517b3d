import { startEmbeddedRedis } from "@hookline/embedded-redis";

export interface UsedRedis {
  readonly url: string;
  readonly source: string;
  stop(): Promise<void>;
}

const DIRECTORY = ".hookline";

/** The Redis of `REDIS_URL`, else a private one; when persistent, its data stays in `.hookline` across restarts. */
export async function useRedis(redisUrl: string | undefined, isPersistent: boolean): Promise<UsedRedis> {
  if (redisUrl !== undefined && redisUrl !== "")
    return { url: redisUrl, source: "REDIS_URL", stop: async () => undefined };
  const log = (line: string) => console.log(line);
  return startEmbeddedRedis({ directory: DIRECTORY, persistent: isPersistent, log });
}
