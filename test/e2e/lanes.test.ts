import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startEmbeddedRedis } from "@hookline/embedded-redis";
import { type Receiver, startReceiver, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "./support/stack.ts";

const DIRECTORY = fileURLToPath(new URL("../../.hookline", import.meta.url));

interface Target {
  readonly name: string;
  readonly disabled: { readonly reason: string } | null;
  readonly pausedUntil: string | null;
  readonly breaker: string;
  readonly inFlight: number;
  readonly waiting: number;
}

describe("targets in trouble", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const open = async <T extends { stop(): Promise<unknown> }>(opening: Promise<T>): Promise<T> => {
    const opened = await opening;
    closers.push(() => opened.stop());
    return opened;
  };
  const receivers = (count: number) =>
    Promise.all(Array.from({ length: count }, () => open(startReceiver()))) as Promise<Receiver[]>;
  const toProject = (list: readonly Receiver[], more = "") =>
    `targets:\n${list.map(({ url }, index) => `  t${index}: { kind: webhook, url: "${url}/"${more} }`).join("\n")}\n`;
  const first = async (stack: Stack) => {
    const { data } = (await stack.request("GET", "/targets")).body;
    return (data as Target[]).find(({ name }) => name === "t0");
  };

  it("do not keep the others waiting, and one that says when to come back is left alone until then by three replicas", async () => {
    const list = await receivers(10);
    const [later, hanging, failing, ...good] = list;
    later?.respond({ status: 429, headers: { "retry-after": "1" } });
    hanging?.respond({ hang: true });
    failing?.respond({ status: 500 });
    const stack = await open(
      startStack({ workers: 3, project: toProject(list), env: { TARGET_TIMEOUT: "8000", SHUTDOWN_TIMEOUT: "2500" } }),
    );
    const names = list.map((_, index) => `t${index}`);
    for (let index = 0; index < 40; index += 1) {
      stack.github.addRepository({ owner: "octocat", name: `repository-${index}` });
    }
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        stack.post({ username: "octocat", repository: `repository-${index}`, targets: names }),
      ),
    );
    await waitUntil(() => good.every(({ received }) => received === 40), { what: "280 digests", timeoutMs: 20_000 });
    await waitUntil(() => (later?.received ?? 0) >= 3, { what: "three probes", timeoutMs: 20_000 });
    const times = (later?.requests ?? []).map(({ at }) => at);
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(1000);
    }
    // A target that hangs holds one request, not forty.
    expect(hanging?.maxConcurrent).toBe(1);
    const isPaused = async () => (await first(stack))?.pausedUntil != null;
    await waitUntil(isPaused, { what: "the pause is told" });
    expect(await first(stack)).toMatchObject({ disabled: null, breaker: "closed", waiting: expect.any(Number) });
    expect((await first(stack))?.waiting).toBeGreaterThan(30);
  }, 60_000);

  it("are disabled by a 410, and fifty deliveries parked meanwhile arrive in order at the lane's pace, whatever was restarted", async () => {
    const directory = `${DIRECTORY}/lanes-${process.pid}`;
    // One server on any kind of Redis: it is restarted, and nobody takes over.
    const redis = await startEmbeddedRedis({ directory });
    closers.push(() => redis.stop().then(() => rm(directory, { recursive: true })));
    const [receiver] = (await receivers(1)) as [Receiver];
    receiver.respond({ status: 410 });
    const stack = await open(
      startStack({ workers: 3, project: toProject([receiver], ', rate: "20/s"'), redisUrl: redis.url }),
    );
    const names = Array.from({ length: 51 }, (_, index) => `repository-${String(index).padStart(2, "0")}`);
    for (const name of names) stack.github.addRepository({ owner: "octocat", name });
    const post = (repository: string | undefined) => stack.post({ username: "octocat", repository, targets: ["t0"] });
    await post(names[0]);
    await waitUntil(async () => (await first(stack))?.disabled != null, { what: "the target is disabled" });
    for (const name of names.slice(1)) await post(name);
    await waitUntil(async () => (await first(stack))?.waiting === 51, { what: "all are parked" });
    expect(receiver.received).toBe(1);
    const { data } = (await stack.request("GET", "/deliveries?target=t0&status=parked&limit=100")).body;
    expect(data).toHaveLength(51);

    for (const worker of stack.workers) worker.kill("SIGKILL");
    await Promise.all(stack.workers.map(({ exited }) => exited));
    await redis.restart("SIGTERM");
    await waitUntil(async () => (await stack.request("GET", "/readyz")).status === 200, { what: "Redis is back" });
    await Promise.all([stack.addWorker(), stack.addWorker(), stack.addWorker()]);
    receiver.reset();
    const enabled = await stack.request("POST", "/targets/t0/enable");
    expect(enabled).toMatchObject({ status: 202, body: { enabled: "t0", released: 51 } });
    await receiver.waitFor(51, 20_000);
    const arrived = receiver.requests.map(({ json }) => (json as { repository: string }).repository);
    expect(arrived).toEqual(names);
    // Sent every 50 ms; on their way some catch up with the one before.
    const [earliest, latest] = [receiver.requests[0]?.at ?? 0, receiver.requests.at(-1)?.at ?? 0];
    expect(latest - earliest).toBeGreaterThanOrEqual(50 * 49);
    await waitUntil(async () => (await first(stack))?.waiting === 0, { what: "nobody waits" });
  }, 60_000);

  it("are told to the operator once", async () => {
    const [receiver, operator] = (await receivers(2)) as [Receiver, Receiver];
    receiver.respond({ status: 410 });
    const project = toProject([receiver, operator]);
    const stack = await open(startStack({ project, env: { OPERATOR_TARGET: "t1", RETRY_MAX_ATTEMPTS: "0" } }));
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });
    const post = () => stack.post({ username: "octocat", repository: "hello-world", targets: ["t0"] });
    await post();
    const [told] = await operator.waitFor(1);
    expect(told?.json).toMatchObject({ type: "target.disabled", target: "t0", kind: "webhook" });
    receiver.respond({ status: 400 });
    await stack.request("POST", "/targets/t0/enable");
    const [, exhausted] = await operator.waitFor(2);
    expect(exhausted?.json).toMatchObject({
      type: "task.exhausted",
      target: "t0",
      attempts: 1,
      error: { code: "target_refused", message: "the target answered 400" },
    });
    await stack.untilStatus((await post()).id, "failed");
    expect(operator.received).toBe(2);
  });
});
