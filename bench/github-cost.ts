/**
 * What a digest costs GitHub, in requests, beside a naive client: one that asks for everything anew each time. Its
 * calls are not measured but follow from the sizes: the repository, its languages and its latest release, every page of
 * a hundred issues and contributors, and every contributor's name. The same each time: one run tells all.
 *
 *   npm run bench:github [-- --json]
 */
import { randomBytes } from "node:crypto";
import { closeRedis, connectRedis } from "@hookline/queue";
import { createKeys, silentLogger } from "@hookline/runtime";
import { type GithubSimulator, generateContributors, generateIssues, startGithubSimulator } from "@hookline/testing";
import { createGithubClient } from "../apps/worker/src/github/client.ts";
import { collectSnapshot } from "../apps/worker/src/snapshots/collect.ts";
import { createSnapshotStore } from "../apps/worker/src/snapshots/store.ts";
import { type Row, runBench, toFigure, toRatio } from "./support/bench.ts";
import { withRedis } from "./support/redis.ts";

interface Size {
  readonly name: string;
  readonly issues: number;
  readonly contributors: number;
}

const SMALL: Size = { name: "small", issues: 15, contributors: 5 };
const LARGE: Size = { name: "large", issues: 1234, contributors: 487 };
const TOKEN = "bench-token";
const FRESH_MS = 60_000;
const PAGE = 100;
const AT_ONCE = 100;
const MOST_NAME_REQUESTS = 6;
const PREFIX = `{bench-${randomBytes(4).toString("hex")}}`;

await runBench({
  name: "github",
  title: "GitHub: requests a digest",
  runs: 1,
  measure: () => withRedis(async ({ url }) => [...(await measureSize(SMALL, url)), ...(await measureSize(LARGE, url))]),
});

/** What GitHub was asked for, by kind and by answer. */
interface Cost {
  readonly requests: number;
  readonly notModified: number;
  readonly forNames: number;
}

async function measureSize(size: Size, redisUrl: string): Promise<Row[]> {
  const github = await startGithubSimulator({ tokens: [TOKEN] });
  const repository = github.addRepository({
    owner: "bench",
    name: size.name,
    issues: generateIssues({ count: size.issues, pullRequestEvery: 4 }),
    contributors: generateContributors({ count: size.contributors }),
    latestRelease: "v1",
  });
  const count = (freshMs: number, times = 1) => measureCost(github, redisUrl, { size, freshMs, times });
  try {
    const cold = await count(FRESH_MS);
    const fresh = await count(FRESH_MS);
    const unchanged = await count(0);
    repository.openIssue({ title: "A new one" });
    const changed = await count(0);
    const together = await count(1, AT_ONCE);
    return toRows(size, { cold, fresh, unchanged, changed, together });
  } finally {
    await github.stop();
  }
}

type Situation = "cold" | "fresh" | "unchanged" | "changed" | "together";

function toRows(size: Size, costs: Readonly<Record<Situation, Cost>>): Row[] {
  const { cold, fresh, unchanged, changed, together } = costs;
  const isOneCollection = together.requests <= cold.requests;
  const hasFewForNames = cold.forNames <= MOST_NAME_REQUESTS;
  const collection = { what: `${AT_ONCE} tasks at once`, cost: together, times: AT_ONCE };
  return [
    toRow(size, { what: "cold", cost: cold }),
    {
      ...toRow(size, { what: "cold, of that for names", cost: { ...cold, requests: cold.forNames } }),
      baseline: toFigure([size.contributors]),
      ratio: toFigure([cold.forNames / size.contributors]),
      reach: `≤ ${MOST_NAME_REQUESTS}`,
      isReached: hasFewForNames,
    },
    { ...toRow(size, { what: "within the TTL", cost: fresh }), reach: "0", isReached: fresh.requests === 0 },
    {
      ...toRow(size, { what: `unchanged: ${unchanged.notModified} are 304s`, cost: unchanged }),
      reach: "only 304s",
      isReached: unchanged.requests === unchanged.notModified,
    },
    toRow(size, { what: `one issue opened: ${changed.notModified} are 304s`, cost: changed }),
    { ...toRow(size, collection), reach: "one collection", isReached: isOneCollection },
  ];
}

interface Told {
  readonly what: string;
  readonly cost: Cost;
  readonly times?: number;
}

function toRow({ name, issues, contributors }: Size, { what, cost, times = 1 }: Told): Row {
  const naive = times * (3 + Math.ceil(issues / PAGE) + Math.ceil(contributors / PAGE) + contributors);
  return {
    what: `${name} (${issues.toLocaleString("en-US")} issues, ${contributors} contributors), ${what}`,
    value: toFigure([cost.requests]),
    unit: "",
    baseline: toFigure([naive]),
    ratio: toRatio([cost.requests], [naive]),
    reach: "",
  };
}

interface Asking {
  readonly size: Size;
  readonly freshMs: number;
  readonly times: number;
}

async function measureCost(github: GithubSimulator, redisUrl: string, asking: Asking): Promise<Cost> {
  github.resetLog();
  await serve(github, redisUrl, asking);
  const isForNames = (path: string) => path.startsWith("/graphql") || path.startsWith("/users/");
  return {
    requests: github.requests.length,
    notModified: github.countByStatus()[304] ?? 0,
    forNames: github.requests.filter(({ path }) => isForNames(path)).length,
  };
}

async function serve(github: GithubSimulator, redisUrl: string, { size, freshMs, times }: Asking): Promise<void> {
  const settings = {
    REDIS_URL: redisUrl,
    REDIS_SENTINELS: [],
    REDIS_SENTINEL_NAME: undefined,
    REDIS_CLUSTER_NODES: [],
  };
  const connection = connectRedis("consumer", settings);
  const keys = createKeys(PREFIX);
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
