/**
 * What a digest costs GitHub, in requests, beside a client that asks for everything anew each time
 * (repository, every page of issues and contributors, languages, release, and each contributor's name).
 *
 *   npm run bench:github [-- --json]
 */
import { randomBytes } from "node:crypto";
import { startEmbeddedRedis } from "@hookline/embedded-redis";
import { closeRedis, connectRedis } from "@hookline/queue";
import { createKeys, silentLogger } from "@hookline/runtime";
import { type GithubSimulator, generateContributors, generateIssues, startGithubSimulator } from "@hookline/testing";
import { createGithubClient } from "../apps/worker/src/github/client.ts";
import { collectSnapshot } from "../apps/worker/src/snapshots/collect.ts";
import { createSnapshotStore } from "../apps/worker/src/snapshots/store.ts";

interface Size {
  readonly name: string;
  readonly issues: number;
  readonly contributors: number;
}

interface Row {
  readonly repository: string;
  readonly situation: string;
  readonly requests: number;
  readonly notModified: number;
  readonly naive: number;
}

const SIZES: readonly Size[] = [
  { name: "small", issues: 15, contributors: 5 },
  { name: "large", issues: 1234, contributors: 487 },
];
const TOKEN = "bench-token";
const prefix = `{bench-${randomBytes(4).toString("hex")}}`;
const FRESH_MS = 60_000;

const redis = await startEmbeddedRedis({ directory: ".hookline", persistent: false });
try {
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(...(await measure(size, redis.url)));
  if (process.argv.includes("--json")) console.log(JSON.stringify(rows, null, 2));
  else console.table(rows);
} finally {
  await redis.stop();
}

async function measure(size: Size, redisUrl: string): Promise<Row[]> {
  const github = await startGithubSimulator({ tokens: [TOKEN] });
  const repository = github.addRepository({
    owner: "bench",
    name: size.name,
    issues: generateIssues({ count: size.issues, pullRequestEvery: 4 }),
    contributors: generateContributors({ count: size.contributors }),
    latestRelease: "v1",
  });
  const naive = 3 + Math.ceil(size.issues / 100) + Math.ceil(size.contributors / 100) + size.contributors;
  const rows: Row[] = [];
  const count = async (situation: string, freshMs: number, times = 1) => {
    github.resetLog();
    await serve(github, redisUrl, { size, freshMs, times });
    const notModified = github.countByStatus()[304] ?? 0;
    rows.push({
      repository: size.name,
      situation,
      requests: github.requests.length,
      notModified,
      naive: naive * times,
    });
  };
  await count("cold", FRESH_MS);
  await count("within the TTL", FRESH_MS);
  await count("unchanged, after the TTL", 0);
  repository.openIssue({ title: "A new one" });
  await count("one issue opened", 0);
  await count("100 tasks at once, after the TTL", 1, 100);
  await github.stop();
  return rows;
}

async function serve(
  github: GithubSimulator,
  redisUrl: string,
  { size, freshMs, times }: { size: Size; freshMs: number; times: number },
): Promise<void> {
  const settings = {
    REDIS_URL: redisUrl,
    REDIS_SENTINELS: [],
    REDIS_SENTINEL_NAME: undefined,
    REDIS_CLUSTER_NODES: [],
  };
  const connection = connectRedis("consumer", settings);
  const keys = createKeys(prefix);
  const client = createGithubClient({
    apiUrl: new URL(github.url),
    token: TOKEN,
    redis: connection,
    keys,
    log: silentLogger,
  });
  const store = createSnapshotStore({
    redis: connection,
    keys,
    log: silentLogger,
    freshMs,
    staleMs: FRESH_MS,
    collect: (pair, signal) => collectSnapshot(client, pair, { userCacheTtlMs: 86_400_000, signal }),
    onServed: () => undefined,
  });
  const pair = { username: "bench", repository: size.name };
  await Promise.all(Array.from({ length: times }, () => store.get(pair, new AbortController().signal)));
  await closeRedis(connection);
}
