import { type Stack, startStack } from "../../test/e2e/support/stack.ts";
import type { Path } from "./pace.ts";
import { createPoster, type Poster } from "./poster.ts";
import { type Sink, toTaskIdOf } from "./sink.ts";

export interface WarmStackOptions {
  readonly redisUrl: string;
  readonly sink: Sink;
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Ingest and workers that know their repositories already: tasks cost no request to GitHub. */
export interface WarmStack extends Path {
  readonly stack: Stack;
  readonly poster: Poster;
  /** The n-th task; two of the same repository are so far apart that they do not wait at the same time. */
  toTask(index: number): { username: string; repository: string };
  stop(): Promise<void>;
}

export const WARM_REPOSITORIES = 200;

export async function startWarmStack({ redisUrl, sink, workers = 1, env = {} }: WarmStackOptions): Promise<WarmStack> {
  const settings = { WEBHOOK_URL: `${sink.url}/`, CACHE_TTL: "3600000", ...env };
  const stack = await startStack({ redisUrl, workers, env: settings });
  const poster = createPoster(stack.address);
  const toTask = (index: number) => ({ username: "octocat", repository: `repository-${index % WARM_REPOSITORIES}` });
  const tasks = Array.from({ length: WARM_REPOSITORIES }, (_, index) => toTask(index));
  for (const { username, repository } of tasks) stack.github.addRepository({ owner: username, name: repository });
  await poster.postAll(tasks, 16);
  await sink.untilArrived(WARM_REPOSITORIES);
  return {
    stack,
    poster,
    sink,
    toTask,
    post: (index) => poster.post(toTask(index)),
    toTaskId: toTaskIdOf,
    async stop() {
      await poster.close();
      await stack.stop();
    },
  };
}
