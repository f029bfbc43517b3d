import { findImage } from "./container.ts";
import { findDebianPackage } from "./debian-package.ts";
import type { FoundRedis, Log, RedisProgram, SearchOptions, StartableRedis } from "./found-redis.ts";
import { findProgram } from "./programs.ts";
import { run } from "./run.ts";

export interface FindOptions {
  /** Hookline's private directory, usually `.hookline`; an obtained package is kept there. */
  readonly directory: string;
  readonly log?: Log | undefined;
  /** Default `process.env`: `PATH` decides what is found. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

type Search = (options: SearchOptions) => Promise<StartableRedis | undefined>;

const SEARCHES = [findOnPath, findDebianPackage, findImage] satisfies Search[];

/**
 * Finds a real Redis or Valkey: the one at `redisUrl`, else a program on PATH, else the distribution's package unpacked
 * under `directory` (no root needed), else a container. Throws one sentence on how to install Redis when all fail.
 */
export async function findRedis(
  options: FindOptions & { readonly redisUrl?: string | undefined },
): Promise<FoundRedis> {
  if (options.redisUrl) return { kind: "external", url: options.redisUrl, source: "REDIS_URL" };
  return findStartableRedis(options);
}

/** `findRedis` without `redisUrl`: a Redis that we can start ourselves. */
export async function findStartableRedis(options: FindOptions): Promise<StartableRedis> {
  const { directory, log = () => {}, env = process.env } = options;
  const failures: string[] = [];
  for (const search of SEARCHES) {
    try {
      const found = await search({ directory, log, env });
      if (found) return found;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(howToInstall(failures));
}

async function findOnPath({ env }: SearchOptions): Promise<RedisProgram | undefined> {
  for (const name of ["redis-server", "valkey-server"]) {
    const command = await findProgram([name], env);
    if (!command) continue;
    await run(command, ["--version"], { env });
    return { kind: "program", command, env, source: `${name} on PATH` };
  }
  return undefined;
}

function howToInstall(failures: readonly string[]): string {
  const reasons = failures.length > 0 ? ` (${failures.join("; ")})` : "";
  return (
    `No Redis was found and none could be obtained${reasons}: install it with "sudo apt-get install redis-server" ` +
    `(Debian, Ubuntu) or "brew install redis" (macOS), or start Docker, or set REDIS_URL to a Redis that runs.`
  );
}
