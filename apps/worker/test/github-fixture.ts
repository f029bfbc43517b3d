import { randomUUID } from "node:crypto";
import { createKeys, silentLogger } from "@hookline/runtime";
import { type GithubSimulator, type GithubSimulatorOptions, startGithubSimulator } from "@hookline/testing";
import { Redis } from "ioredis";
import { createGithubClient, type GithubClient, type GithubClientOptions } from "../src/github/client.ts";
import { type CollectOptions, collectSnapshot } from "../src/snapshots/collect.ts";
import type { Snapshot } from "../src/snapshots/snapshot.ts";

export const TOKEN = "ghp_a-secret-that-must-not-appear";

export interface GithubFixture {
  readonly simulator: GithubSimulator;
  readonly redis: Redis;
  readonly keys: ReturnType<typeof createKeys>;
  /** A client as a replica of its own would have; with {@link TOKEN} unless told otherwise. */
  client(options?: Partial<GithubClientOptions>): GithubClient;
  collect(client: GithubClient, fullName: string, options?: CollectOptions): Promise<Snapshot>;
  stop(): Promise<void>;
}

/** A simulator and a Redis with a prefix of its own. */
export async function startGithubFixture(options: GithubSimulatorOptions = {}): Promise<GithubFixture> {
  const simulator = await startGithubSimulator({ tokens: [TOKEN, "other"], ...options });
  const redis = new Redis(process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379", { maxRetriesPerRequest: null });
  const prefix = `{test-${randomUUID()}}`;
  const keys = createKeys(prefix);
  return {
    simulator,
    redis,
    keys,
    client: (overrides) =>
      createGithubClient({
        apiUrl: new URL(simulator.url),
        token: TOKEN,
        redis,
        keys,
        log: silentLogger,
        ...overrides,
      }),
    collect(client, fullName, collectOptions) {
      const [username = "", repository = ""] = fullName.split("/");
      return collectSnapshot(client, { username, repository }, collectOptions);
    },
    async stop() {
      const left = await redis.keys(`${prefix.replace(/[[\]]/g, "\\$&")}*`);
      const withoutTtl = await Promise.all(left.map((key) => redis.ttl(key)));
      if (left.length > 0) await redis.del(left);
      await Promise.all([simulator.stop(), redis.quit()]);
      if (withoutTtl.includes(-1)) throw new Error("a key was left without a TTL");
    },
  };
}
