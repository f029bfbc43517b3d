import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { type GithubSimulator, startGithubSimulator } from "@hookline/testing";
import { Redis } from "ioredis";
import { type SupervisedApp, superviseApp } from "./apps.ts";
import { Ledger } from "./ledger.ts";
import { type CountingReceiver, startCountingReceiver } from "./receivers.ts";

export const API_KEY = "soak-api-key";
export const INLINE_TARGETS = 5;
const RECEIVERS = 5;
const WORKERS = 3;
const TOKEN = "ghp_soak";

/** Everything that runs: Redis with its log, ingest, three workers, GitHub and six receivers. */
export interface World {
  readonly ledger: Ledger;
  readonly redis: EmbeddedRedis;
  readonly client: Redis;
  readonly github: GithubSimulator;
  readonly repositories: number;
  readonly receivers: readonly CountingReceiver[];
  /** Its targets come with the requests. */
  readonly inline: CountingReceiver;
  readonly ingest: SupervisedApp;
  readonly workers: readonly SupervisedApp[];
  stop(): Promise<void>;
}

/** `repositories` are asked for at random; each of them and a target keep a baseline from their first digest on. */
export async function startWorld(repositories: number): Promise<World> {
  const directory = resolve(".hookline", `soak-${process.pid}`);
  await mkdir(directory, { recursive: true });
  const redis = await startEmbeddedRedis({ directory });
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  const ledger = new Ledger();
  const github = await startGithub(repositories);
  const receivers = await Promise.all(
    Array.from({ length: RECEIVERS }, (_, index) => startCountingReceiver(`t${index}`, ledger, () => `t${index}`)),
  );
  const inline = await startCountingReceiver("inline", ledger, (path) => path);
  const lines = receivers.map(({ name, url }) => `  ${name}: { kind: webhook, url: "${url}/" }`);
  await writeFile(join(directory, "hookline.yaml"), `targets:\n${lines.join("\n")}\n`);
  const env = toEnvironment(redis.url, github.url, join(directory, "hookline.yaml"));
  const logFile = (name: string) => join(directory, `${name}.log`);
  const ingest = await superviseApp({ app: "ingest", env, logFile: logFile("ingest") });
  const workers = await Promise.all(
    Array.from({ length: WORKERS }, (_, index) =>
      superviseApp({ app: "worker", env, logFile: logFile(`worker-${index}`) }),
    ),
  );
  const stop = async () => {
    await Promise.all([ingest, ...workers].map((app) => app.stop()));
    client.disconnect();
    await Promise.all([redis.stop(), github.stop(), inline.stop(), ...receivers.map((receiver) => receiver.stop())]);
    await rm(directory, { recursive: true, force: true });
  };
  return { ledger, redis, client, github, repositories, receivers, inline, ingest, workers, stop };
}

async function startGithub(repositories: number): Promise<GithubSimulator> {
  const github = await startGithubSimulator({ tokens: [TOKEN], limits: { token: 1e9 } });
  github.latencyMs = 20;
  for (let index = 0; index < repositories; index += 1) {
    github.addRepository({ owner: "octocat", name: `r${index}`, issues: [{ title: "First" }] });
  }
  return github;
}

/** What has ended is kept for 90 s, so that Redis is soon as full as it gets. */
function toEnvironment(redisUrl: string, apiUrl: string, config: string): Record<string, string> {
  return {
    REDIS_URL: redisUrl,
    API_URL: apiUrl,
    API_TOKEN: TOKEN,
    API_KEYS: API_KEY,
    HOOKLINE_CONFIG: config,
    TARGET_ALLOWED_NETWORKS: "127.0.0.0/8",
    HOST: "127.0.0.1",
    SCHEDULE_INTERVAL: "0",
    RESCHEDULE_INTERVAL: "1000",
    RETRY_MAX_ATTEMPTS: "6",
    TARGET_TIMEOUT: "3000",
    CACHE_TTL: "10000",
    CACHE_STALE_TTL: "60000",
    RETENTION_COMPLETED: "90000",
    RETENTION_FAILED: "90000",
    SHUTDOWN_TIMEOUT: "10000",
    LOG_LEVEL: "info",
  };
}
