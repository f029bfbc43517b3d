import { Socket } from "node:net";
import { connectRedis, defineScript, type RedisConnection, runScript } from "@hookline/queue";
import { readSettings, redisVariables } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Cluster, type Redis } from "ioredis";
import { OCTOCAT } from "./support/digests.ts";
import { connectTo, DIRECTORY, type RedisEnvironment, redisGroups } from "./support/redis.ts";
import { startStack } from "./support/stack.ts";

const KEY = "{kinds}:key";
const START_MS = 60_000;

// What happens when a master fails is in test/faults/failover.test.ts; `npm run test:redis` runs this whole suite on each.
describe.each(Object.entries(redisGroups))("on Redis %s", (_kind, startGroup) => {
  const closers: (() => Promise<void>)[] = [];
  let redis: RedisEnvironment;
  beforeAll(async () => {
    const group = await startGroup({ directory: DIRECTORY });
    closers.push(() => group.stop());
    redis = group.env;
  }, START_MS);
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  }, START_MS);

  const connect = () => {
    const connection = connectTo(redis);
    closers.push(async () => connection.disconnect());
    return connection;
  };

  it("a task is accepted, shown and delivered, requests are counted, and nothing is away", async () => {
    const stack = await startStack({ redis, env: { RATE_LIMIT_REQUESTS: "1000" } });
    closers.push(() => stack.stop());
    stack.github.addRepository({ owner: OCTOCAT.username, name: OCTOCAT.repository });
    const { id } = await stack.post(OCTOCAT);
    await stack.untilStatus(id, "delivered");
    expect(stack.receiver.received).toBe(1);
    expect((await stack.request("GET", "/readyz")).status).toBe(200);
    const listed = await stack.request("GET", "/tasks");
    expect(listed.body.data).toHaveLength(1);
    const next = await stack.request("GET", "/tasks");
    expect(toRemaining(next.headers)).toBe(toRemaining(listed.headers) - 1);
    expect(stack.ingest.stdout + stack.workers[0]?.stdout).not.toMatch(/redis\.away|queue\.error|"level":"error"/);
  });

  it("a script is sent whole to a server that does not know it, and known from then on", async () => {
    const connection = connect();
    const script = defineScript(`return redis.call("INCR", KEYS[1]) -- ${process.pid} ${Date.now()}`);
    expect(await runScript(connection, script, [KEY])).toBe(1);
    expect(await connection.evalsha(script.sha1, 1, KEY)).toBe(2);
  });

  it("an answer that came while the process was held up is taken, and none is waited for much longer", async () => {
    const connection = connectRedis("producer", readSettings(redisVariables, redis));
    closers.push(async () => connection.disconnect());
    await waitUntil(() => connection.status === "ready", { what: "it is connected" });
    await connection.get(KEY);
    const answer = connection.exists(KEY);
    await new Promise((resolve) => setImmediate(resolve)); // now it is sent
    holdUp(1500);
    expect(await answer).toBe(1);
    const startedAt = Date.now();
    // Cut short before Redis would answer it.
    await expect(connection.blpop(`${KEY}:empty`, 5)).rejects.toThrow("Command timed out");
    expect(Date.now() - startedAt).toBeLessThan(3000);
  });

  it("commands of one round are written together, also after the connection was lost", async () => {
    const connection = connect();
    await connection.get(KEY);
    await expectOneWrite(connection);
    const listeners = countListeners(connection);
    for (const node of toNodes(connection)) node.disconnect(true);
    // What a consumer asks waits until there is a connection again.
    await connection.get(KEY);
    await expectOneWrite(connection);
    expect(countListeners(connection)).toEqual(listeners);
  });
});

/** Keeps this process from doing anything else. */
function holdUp(ms: number): void {
  const until = Date.now() + ms;
  while (Date.now() < until);
}

async function expectOneWrite(connection: RedisConnection): Promise<void> {
  const answers = [connection.get(KEY), connection.get(KEY)];
  expect(countCorked(connection)).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(countCorked(connection)).toBe(0);
  await Promise.all(answers);
}

function countCorked(connection: RedisConnection): number {
  return toNodes(connection).filter(({ stream }) => stream instanceof Socket && stream.writableCorked > 0).length;
}

function toNodes(connection: RedisConnection): Redis[] {
  return connection instanceof Cluster ? connection.nodes() : [connection];
}

function countListeners(connection: RedisConnection): number[] {
  return ["connect", "+node", "ready"].map((event) => connection.listenerCount(event));
}

function toRemaining(headers: Headers): number {
  return Number(/;\s*r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]);
}
