import { randomBytes } from "node:crypto";
import { type Task, toTaskId } from "@hookline/contracts";
import { closeQueues, closeRedis, connectRedis, openQueues, type Queues, type RedisConnection } from "@hookline/queue";
import { createKeys, silentLogger } from "@hookline/runtime";
import { freePort, type SpawnedNode, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "../e2e/support/stack.ts";
import { note } from "./support/ledger.ts";
import { findPreviousVersion, type PreviousVersion, unpackVersion } from "./support/previous-version.ts";

const API_KEY = "two-versions-api-key";
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(env: Record<string, string> = {}, workers = 1): Promise<Stack> {
  const stack = await startStack({
    workers,
    env: { API_KEYS: API_KEY, TARGET_ALLOWED_NETWORKS: "127.0.0.0/8", CACHE_TTL: "60000", ...env },
  });
  closers.push(stack.stop);
  stack.github.addRepository({ owner: "octocat", name: "hello-world" });
  return stack;
}

describe("what another version wrote", () => {
  let redis: RedisConnection;
  let queues: Queues;

  function open({ env }: Stack): void {
    const url = env.REDIS_URL ?? "";
    const settings = { REDIS_URL: url, REDIS_SENTINELS: [], REDIS_SENTINEL_NAME: undefined, REDIS_CLUSTER_NODES: [] };
    redis = connectRedis("consumer", settings);
    queues = openQueues(redis, env.QUEUE_PREFIX ?? "", silentLogger);
    closers.push(() => closeQueues(queues).then(() => closeRedis(redis)));
  }

  async function add(name: string, payload: unknown): Promise<string> {
    const jobId = toTaskId(Date.now(), randomBytes(8).toString("hex"));
    await queues.tasks.queue.add(name, payload, { jobId, attempts: 2, backoff: { type: "fixed", delay: 100 } });
    return jobId;
  }

  it("the first version's task, which brings its target along, arrives", async () => {
    const stack = await start();
    open(stack);
    const targets = [{ kind: "webhook", url: `${stack.receiver.url}/brought-along` }];
    const id = await add("github.digest", { username: "octocat", repository: "hello-world", targets });
    await stack.untilStatus(id, "delivered");
    expect(stack.receiver.requests).toMatchObject([{ path: "/brought-along" }]);
  });

  it.each([
    ["a kind of task", "github.poem", { username: "octocat", repository: "hello-world", verses: 4 }],
    ["a payload", "github.digest", { username: "octocat", repo: "hello-world" }],
  ])("%s that this one does not know waits for one that does, and nothing else does", async (_, kind, payload) => {
    const stack = await start();
    open(stack);
    const { workerVersions } = createKeys(stack.env.QUEUE_PREFIX ?? "");
    await redis.zadd(workerVersions, Date.now(), "another-version");
    const id = await add(kind, payload);
    const { id: other } = await stack.post({ username: "octocat", repository: "hello-world" });
    await stack.untilStatus(other, "delivered");
    const isPutBack = async (): Promise<Task | undefined> => {
      const task = await stack.task(id);
      return task.nextAttempt?.reason === "other_version" ? task : undefined;
    };
    const task = await waitUntil(isPutBack, { what: "it was put back" });
    expect(task).toMatchObject({ status: "scheduled", attempts: { made: 0 }, error: null });
    expect(stack.workers.map(({ stderr }) => stderr)).toEqual([""]);
  });

  it("a payload that no version understands fails at once, saying why, and nothing else does", async () => {
    const stack = await start();
    open(stack);
    const id = await add("github.digest", { username: "octocat", repo: "hello-world" });
    const { id: other } = await stack.post({ username: "octocat", repository: "hello-world" });
    await stack.untilStatus(other, "delivered");
    const task = await stack.untilStatus(id, "failed");
    expect(task.error).toMatchObject({ code: "invalid_payload" });
    expect(stack.workers.map(({ stderr }) => stderr)).toEqual([""]);
  });
});

const commit = findPreviousVersion();
if (commit === undefined)
  note("two versions side by side", "SKIPPED: this clone's history does not reach back far enough");

(commit === undefined ? describe.skip : describe)("a rolling update under load, there and back again", () => {
  let stack: Stack;
  let previous: PreviousVersion;
  let oldIngest: SpawnedNode;
  let oldAddress: string;
  let posted = 0;
  let isOver = false;

  async function startBoth(): Promise<void> {
    stack = await start({ SHUTDOWN_TIMEOUT: "10000" }, 0);
    previous = await unpackVersion(commit ?? "");
    closers.push(previous.remove);
    const port = await freePort();
    oldAddress = `http://127.0.0.1:${port}`;
    oldIngest = previous.start("ingest", { ...stack.env, PORT: String(port) });
    closers.push(() => oldIngest.stop());
    await oldIngest.waitForLine("ingest.listening", 30_000);
    closers.push(async () => {
      isOver = true;
    });
  }

  async function startOldWorker(): Promise<SpawnedNode> {
    const worker = previous.start("worker", stack.env);
    closers.push(() => worker.stop());
    await worker.waitForLine("worker.started", 30_000);
    return worker;
  }

  /** Posts to both versions of ingest, some due at once and some within two seconds. */
  async function keepPosting(): Promise<void> {
    while (!isOver) {
      await Promise.all([post(stack.address), post(oldAddress)]);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async function post(address: string): Promise<void> {
    const path = `/task/${posted++}`;
    const targets = [{ kind: "webhook", url: stack.receiver.url + path }];
    const body = { username: "octocat", repository: "hello-world", targets, scheduleInterval: (posted % 5) * 500 };
    const headers = { "content-type": "application/json", authorization: `Bearer ${API_KEY}` };
    const { status } = await fetch(`${address}/tasks`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(status).toBe(202);
  }

  const arrived = () => new Set(stack.receiver.requests.map(({ path }) => path)).size;
  const more = (count: number) => {
    const target = arrived() + count;
    return waitUntil(() => arrived() >= target, { what: `${count} more digests`, timeoutMs: 30_000 });
  };
  async function stopGently(app: SpawnedNode): Promise<void> {
    expect(await app.stop()).toMatchObject({ code: 0 });
  }

  it("loses nothing and repeats nothing", async () => {
    await startBoth();
    const oldWorker = await startOldWorker();
    const posting = keepPosting();
    // When the test fails before it waits for it, its own failure is the one to be told.
    posting.catch(() => undefined);
    // Both versions of ingest, the old worker; then both workers; then the new one alone; and back.
    await more(40);
    const newWorker = await stack.addWorker();
    await more(40);
    await stopGently(oldWorker);
    await more(40);
    const oldAgain = await startOldWorker();
    await more(40);
    await stopGently(newWorker);
    await more(40);
    isOver = true;
    await posting;
    await waitUntil(() => arrived() === posted, { what: `all ${posted} digests`, timeoutMs: 30_000 });
    expect(stack.receiver.repeated()).toBe(0);
    expect(stack.receiver.received).toBe(posted);
    const figures = { accepted: posted, delivered: posted, repeated: 0, lost: 0 };
    note(`rolling update from ${commit?.slice(0, 7)} and back`, figures);
    await stopGently(oldIngest);
    await stopGently(oldAgain);
  }, 120_000);
});
