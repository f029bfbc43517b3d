import { generateContributors, generateIssues } from "@hookline/testing";
import { type Stack, startStack } from "../../test/e2e/support/stack.ts";
import { createPoster, type Poster } from "./poster.ts";
import { type CpuUse, watchCpu } from "./process-stats.ts";
import type { BenchRedis } from "./redis.ts";
import { type Sink, startSink } from "./sink.ts";

export interface ChainLoad {
  readonly replicas: number;
  /** Tasks in all. */
  readonly tasks: number;
  /** WORKER_CONCURRENCY; left out: the default. */
  readonly concurrency?: string | undefined;
}

export interface ChainRun {
  readonly tasksPerSecond: number;
  readonly cpu: CpuUse;
}

const RECEIVER_MS = 50;
const GITHUB_MS = 20;
const TARGETS = 4;
const POSTS_AT_ONCE = 16;
/** More than any credential gets from GitHub: how long a spent limit lasts is not measured here. */
const PLENTY = 10_000_000;
const UNCHANGED_EVERY = 3;

/** Starts everything, lets the replicas learn the unchanged repositories and warm up on them, and measures once. */
export async function runChain({ url, server }: BenchRedis, load: ChainLoad): Promise<ChainRun> {
  const sink = await startSink({ delayMs: RECEIVER_MS });
  const { replicas, concurrency } = load;
  const stack = await startStack({
    redisUrl: url,
    workers: replicas,
    project: toProject(sink),
    env: { CACHE_TTL: "0", ...(concurrency === undefined ? {} : { WORKER_CONCURRENCY: concurrency }) },
  });
  const poster = createPoster(stack.address, POSTS_AT_ONCE);
  try {
    return await measure({ stack, sink, poster, redisPid: server.pid }, load.tasks);
  } finally {
    await poster.close();
    await stack.stop();
    await sink.stop();
  }
}

function toProject({ url }: Sink): string {
  const targets = Array.from({ length: TARGETS }, (_, index) => toTarget(index, url));
  return `targets:\n${targets.join("\n")}\n`;
}

/** Lanes learn how many requests their target takes at once; this is the most, and above all that four replicas make. */
function toTarget(index: number, url: string): string {
  return `  t${index}: { kind: webhook, url: "${url}/${index}", maxInFlight: 500 }`;
}

interface Parts {
  readonly stack: Stack;
  readonly sink: Sink;
  readonly poster: Poster;
  readonly redisPid: number | undefined;
}

async function measure({ stack, sink, poster, redisPid }: Parts, count: number): Promise<ChainRun> {
  const tasks = Array.from({ length: count }, (_, index) => toTask(index));
  for (const task of tasks) addRepository(stack, task.repository);
  for (const resource of ["core", "graphql"] as const) {
    stack.github.setLimit({ resource, limit: PLENTY, remaining: PLENTY });
  }
  stack.github.latencyMs = GITHUB_MS;
  const unchanged = tasks.filter((_, index) => index % UNCHANGED_EVERY === 0);
  await poster.postAll(unchanged, POSTS_AT_ONCE);
  await sink.untilArrived(unchanged.length);
  sink.reset();
  const stop = watchCpu({
    ingest: stack.ingest.pid,
    ...Object.fromEntries(stack.workers.map(({ pid }, index) => [`worker ${index + 1}`, pid])),
    redis: redisPid,
    "GitHub and receiver": process.pid,
  });
  const startedAt = performance.now();
  await poster.postAll(tasks, POSTS_AT_ONCE);
  await sink.untilArrived(count);
  const lastAt = Math.max(...sink.arrivals.values());
  return { tasksPerSecond: count / ((lastAt - startedAt) / 1000), cpu: stop() };
}

function toTask(index: number) {
  return { username: "octocat", repository: `repository-${index}`, targets: [`t${index % TARGETS}`] };
}

/** A small repository whose contributors no other one has: their names have to be asked for. */
function addRepository({ github }: Stack, name: string): void {
  const contributors = generateContributors({ count: 5 }).map((person) => ({
    ...person,
    login: `${person.login}-of-${name}`,
  }));
  github.addRepository({ owner: "octocat", name, issues: generateIssues({ count: 15 }), contributors });
}
