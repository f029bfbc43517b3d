import type { Logger } from "@hookline/runtime";
import { type RedisKind, type RedisSettings, toRedisKind } from "./connection-options.ts";
import type { RedisConnection } from "./connections.ts";
import type { OpenQueue } from "./queues.ts";

/** What a master killed a moment later would lose is not accepted yet. */
export interface Replication {
  /**
   * Resolves when enough replicas hold a job that this process's connection has added.
   *
   * @throws ReplicationError when they do not in time, or the job is not there any more because another server took
   * over in between. The job may run all the same: adding it again under its id is safe.
   */
  confirm(jobId: string): Promise<void>;
}

export interface ReplicationOptions {
  readonly open: OpenQueue;
  readonly settings: RedisSettings & { readonly REDIS_MIN_REPLICAS: number | undefined };
  readonly log: Logger;
}

/** Counts as a Redis that is away. */
export class ReplicationError extends Error {
  override readonly name = "ReplicationError";
}

/** Shorter than a producer's command may take. */
const WAIT_MS = 500;
/** Also for those who came while an earlier WAIT was under way: within a second each is told. */
const DEADLINE_MS = 900;
/** A master without replicas is asked this often whether it has one. */
const ALONE_MS = 1000;

/**
 * `REDIS_MIN_REPLICAS` as given is strict. When it is not given, Sentinel and Cluster wait for one replica as long as
 * the master has any: a Cluster whose only replica has just become the master goes on accepting, as one Redis does.
 */
export function createReplication({ open, settings, log }: ReplicationOptions): Replication {
  const wanted = settings.REDIS_MIN_REPLICAS ?? DEFAULTS[toRedisKind(settings)];
  if (wanted === 0) return { confirm: async () => undefined };
  const mayBeAlone = settings.REDIS_MIN_REPLICAS === undefined;
  const check = createCheck(open.redis, { wanted, log, mayBeAlone });
  const inBatches = createBatches(check);
  return {
    async confirm(jobId) {
      const key = open.queue.toKey(jobId);
      const missing = await inBatches(key);
      if (missing.has(key)) throw new ReplicationError("another server took over before it had the job");
    },
  };
}

const DEFAULTS: Readonly<Record<RedisKind, number>> = { single: 0, sentinel: 1, cluster: 1 };

/** Answers which of these keys are missing. */
type Check = (keys: readonly string[]) => Promise<ReadonlySet<string>>;

/**
 * WAIT holds up the whole connection, so one is under way at a time, and whoever comes meanwhile shares the next.
 */
function createBatches(check: Check): (key: string) => ReturnType<Check> {
  let last: Promise<unknown> = Promise.resolve();
  let next: { readonly keys: string[]; readonly done: ReturnType<Check> } | undefined;
  return (key) => {
    if (next === undefined) {
      const keys: string[] = [];
      const checked = last.then(() => {
        next = undefined;
        return check(keys);
      });
      const done = withDeadline(checked);
      // A check that is never answered must not hold up those that come after it.
      last = done.catch(() => undefined);
      next = { keys, done };
    }
    next.keys.push(key);
    return next.done;
  };
}

async function withDeadline<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new ReplicationError(`no answer within ${DEADLINE_MS} ms`));
    // A process that was held up reads what has arrived before it gives up.
    timer = setTimeout(() => setImmediate(giveUp), DEADLINE_MS);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/**
 * A look for the jobs goes before WAIT, on the same connection and to the same node of a Cluster. It makes WAIT count
 * everything written there so far, on whichever connection, and tells when that node is one that never had the job.
 */
function createCheck(
  redis: RedisConnection,
  { wanted, mayBeAlone, log }: { wanted: number; mayBeAlone: boolean; log: Logger },
): Check {
  const alone = mayBeAlone ? createAloneWatch(redis, log) : { is: async () => false, becomes: async () => false };
  return async (keys) => {
    const [key = ""] = keys;
    const isWaiting = !(await alone.is(key));
    const pipeline = redis.pipeline();
    for (const name of keys) pipeline.exists(name);
    if (isWaiting) pipeline.wait(wanted, WAIT_MS);
    const replies = toReplies(await pipeline.exec());
    if (isWaiting && Number(replies.at(-1)) < wanted && !(await alone.becomes(key))) {
      throw new ReplicationError(`fewer than ${wanted} replicas answered within ${WAIT_MS} ms`);
    }
    return new Set(keys.filter((_, index) => replies[index] !== 1));
  };
}

/** Knows whether a key's master has no replica at all. */
function createAloneWatch(redis: RedisConnection, log: Logger) {
  let isAlone = false;
  let askedAt = 0;
  const ask = async (key: string): Promise<boolean> => {
    const [, info] = toReplies(await redis.pipeline().exists(key).info("replication").exec());
    askedAt = Date.now();
    const isNow = /^connected_slaves:0\r?$/m.test(String(info));
    if (isNow !== isAlone) log.warn(isNow ? "redis.alone" : "redis.replicated", {});
    isAlone = isNow;
    return isAlone;
  };
  return {
    is: async (key: string) => isAlone && (Date.now() - askedAt < ALONE_MS || ask(key)),
    becomes: ask,
  };
}

function toReplies(results: [Error | null, unknown][] | null): unknown[] {
  return (results ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}
