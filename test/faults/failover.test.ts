import { setTimeout as delay } from "node:timers/promises";
import type { RedisGroup } from "@hookline/embedded-redis";
import { waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { OCTOCAT } from "../e2e/support/digests.ts";
import { DIRECTORY, redisGroups } from "../e2e/support/redis.ts";
import { type Stack, startStack } from "../e2e/support/stack.ts";
import { note } from "./support/ledger.ts";

const TASKS = 300;
/** Posted a second. */
const PACE = 100;
const FAILS_AFTER = 100;
/** Posted after the failure, however slow the machine is. */
const HELD_BACK = 100;
/** What 503 may take on a machine that is busy with other things; it is within a second on a quiet one. */
const SLOW_MS = 4000;
const REPEAT_AFTER_MS = 100;

describe.each(Object.entries(redisGroups))("a master of Redis %s that fails under load", (kind, startGroup) => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function start(): Promise<{ group: RedisGroup; stack: Stack }> {
    const group = await startGroup({ directory: DIRECTORY });
    closers.push(() => group.stop());
    const env = { API_KEYS: "failover-api-key", TARGET_ALLOWED_NETWORKS: "127.0.0.0/8", LOG_LEVEL: "debug" };
    const stack = await startStack({ redis: group.env, workers: 2, env });
    closers.push(() => stack.stop());
    stack.github.addRepository({ owner: OCTOCAT.username, name: OCTOCAT.repository });
    const { id } = await stack.post(OCTOCAT);
    await stack.untilStatus(id, "delivered");
    return { group, stack };
  }

  it.each(["SIGKILL", "SIGSTOP"] as const)("loses no accepted task and needs no restart (%s)", async (signal) => {
    const { group, stack } = await start();
    let failedAt = 0;
    const failing = waitUntil(() => failedAt > 0, { what: "the master has failed", timeoutMs: 60_000 });
    const load = startLoad(stack, failing);
    await waitUntil(() => load.acceptedAt.length >= FAILS_AFTER, { what: `${FAILS_AFTER} tasks are accepted` });
    await group.killMaster(stack.env.QUEUE_PREFIX ?? "", signal);
    failedAt = Date.now();
    await load.done;
    await untilAllDelivered(stack, load);
    report(`${kind}, ${signal}`, { stack, load, failedAt });
    expect(slowestOwn(stack)).toBeLessThan(SLOW_MS);

    await group.revive();
    const { id } = await stack.post(OCTOCAT).catch((error: Error) => {
      throw new Error(`${error.message}; ${toReasons(stack)}`);
    });
    await stack.untilStatus(id, "delivered");
    expect((await stack.request("GET", "/readyz")).status).toBe(200);
    for (const app of [stack.ingest, ...stack.workers]) expect(app.stdout).not.toMatch(/"level":"error"/);
  });
});

interface Load {
  readonly acceptedAt: readonly number[];
  /** By the path that the task is posted to. */
  readonly ids: ReadonlyMap<string, string>;
  readonly slowestAnswerMs: () => number;
  readonly refused: () => number;
  readonly done: Promise<unknown>;
}

/**
 * Posts tasks at a pace, each to a path of its own, the last ones not before the failure; one that is answered 503 is
 * posted again, as a client would.
 */
function startLoad(stack: Stack, failing: Promise<unknown>): Load {
  const acceptedAt: number[] = [];
  const ids = new Map<string, string>();
  let [refused, slowest] = [0, 0];
  const post = async (index: number): Promise<void> => {
    await delay((index * 1000) / PACE);
    if (index >= TASKS - HELD_BACK) await failing;
    const body = { ...OCTOCAT, targets: [{ kind: "webhook", url: `${stack.receiver.url}/${index}` }] };
    for (;;) {
      const sentAt = Date.now();
      const { status, body: task } = await stack.request("POST", "/tasks", body);
      slowest = Math.max(slowest, Date.now() - sentAt);
      if (status === 202) {
        ids.set(`/${index}`, String(task.id));
        return void acceptedAt.push(Date.now());
      }
      if (status !== 503) throw new Error(`POST /tasks answered ${status}`);
      refused += 1;
      await delay(REPEAT_AFTER_MS);
    }
  };
  const done = Promise.all(Array.from({ length: TASKS }, (_, index) => post(index)));
  return { acceptedAt, ids, slowestAnswerMs: () => slowest, refused: () => refused, done };
}

/** Tells what became of those that did not arrive. */
async function untilAllDelivered(stack: Stack, { ids }: Load): Promise<void> {
  const isOver = () => deliveredPaths(stack).size === TASKS;
  await waitUntil(isOver, { what: "every accepted task has arrived", timeoutMs: 90_000 }).catch(async (error) => {
    const arrived = deliveredPaths(stack);
    const missing = [...ids].filter(([path]) => !arrived.has(path)).map(([, id]) => id);
    const tasks = await Promise.all(missing.slice(0, 5).map((id) => stack.request("GET", `/tasks/${id}`)));
    throw new Error(
      `${error}; ${missing.length} are missing, such as ${JSON.stringify(tasks.map(({ body }) => body))}`,
    );
  });
}

function deliveredPaths({ receiver }: Stack): Set<string> {
  const paths = receiver.requests.filter(({ status }) => status < 300).map(({ path }) => path);
  return new Set(paths.filter((path) => path !== "/hook"));
}

function report(what: string, { stack, load, failedAt }: { stack: Stack; load: Load; failedAt: number }): void {
  const receivedAt = stack.receiver.requests.map(({ at }) => at);
  const delivered = deliveredPaths(stack).size;
  const gaps = `${longestGap(load.acceptedAt, failedAt)} ms without an accepted post, ${longestGap(receivedAt, failedAt)} ms without a receipt`;
  const answers = `${load.refused()} posts answered 503 (${toReasons(stack)}), the slowest answer ${load.slowestAnswerMs()} ms, ${slowestOwn(stack)} ms by ingest's clock`;
  const repeated = stack.receiver.repeated();
  note(`master fails (${what})`, { accepted: TASKS, delivered, repeated, lost: TASKS - delivered });
  note(`master fails (${what})`, `${gaps}; ${answers}`);
}

/** The slowest answer of `POST /tasks` by ingest's own clock, ms: without what this process waited for a processor. */
function slowestOwn({ ingest }: Stack): number {
  const answers = ingest.stdout.matchAll(/"method":"POST","path":"\/tasks","status":\d+,"durationMs":(\d+)/g);
  return Math.max(...[...answers].map(([, ms]) => Number(ms)));
}

/** Why ingest answered 503, and how often. */
function toReasons({ ingest }: Stack): string {
  const counts = new Map<string, number>();
  for (const [, reason = ""] of ingest.stdout.matchAll(/"event":"http.unavailable".*?"error":"(.*?)"/g)) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${count} × ${reason}`).join(", ");
}

/** The longest time between two moments that ends after the failure, ms. */
function longestGap(moments: readonly number[], failedAt: number): number {
  const gaps = moments.toSorted((a, b) => a - b).map((at, index, all) => [at, at - (all[index - 1] ?? at)] as const);
  return Math.max(...gaps.filter(([at]) => at > failedAt).map(([, gap]) => gap));
}
