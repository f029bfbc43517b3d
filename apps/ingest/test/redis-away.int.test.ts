import { fileURLToPath } from "node:url";
import { type EmbeddedRedis, startEmbeddedRedis } from "@hookline/embedded-redis";
import { freePort, waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { LETO, nestedPayload, path, project } from "./support/basecamp.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const directory = fileURLToPath(new URL("../../../.hookline", import.meta.url));
const BODY = { username: "octocat", repository: "hello-world" };
const NOBODY = "t0000000000000000000000000000";

const timed = async <T>(work: Promise<T>): Promise<readonly [T, number]> => {
  const before = performance.now();
  return [await work, performance.now() - before];
};

const expectUnavailable = async (ingest: TestIngest) => {
  const requests = [
    ingest.send("POST", "/tasks", { body: BODY }),
    ingest.send("POST", "/tasks", { body: BODY, headers: { "idempotency-key": "away" } }),
    ingest.send("POST", "/tasks/batch", { body: [BODY, BODY] }),
    ingest.send("GET", "/tasks"),
    ingest.send("GET", `/tasks/${NOBODY}`),
    ingest.send("DELETE", `/tasks/${NOBODY}`),
    ingest.send("GET", "/targets"),
    ingest.send("POST", path(LETO), { raw: nestedPayload(), headers: { "content-type": "application/json" } }),
    ingest.send("GET", "/readyz"),
  ];
  for (const [{ status, headers, body }, ms] of await Promise.all(requests.map(timed))) {
    expect(status).toBe(503);
    expect(headers["retry-after"]).toBe("1");
    expect(body).toMatchObject({ type: "urn:hookline:problem:unavailable", status: 503 });
    expect(ms).toBeLessThan(1500);
  }
  expect((await ingest.send("GET", "/healthz")).status).toBe(200);
};

const untilReady = (ingest: TestIngest) =>
  waitUntil(async () => (await ingest.send("GET", "/readyz")).status === 200, { what: "ingest is ready again" });

describe("while Redis is away", () => {
  let redis: EmbeddedRedis;
  let ingest: TestIngest;
  beforeAll(async () => {
    redis = await startEmbeddedRedis({ directory, persistent: false });
    ingest = await startTestIngest({ project, env: { REDIS_URL: redis.url } });
    await untilReady(ingest);
  });
  afterAll(async () => {
    await ingest.stop();
    await redis.stop();
  });

  it("answers 503 within a second when Redis was stopped, and works again when it is back", async () => {
    expect((await ingest.post("before")).status).toBe("scheduled");
    await redis.kill();
    await expectUnavailable(ingest);
    const metrics = await ingest.send("GET", "/metrics");
    expect([metrics.status, metrics.text.includes('status="503"')]).toEqual([200, true]);
    await redis.restart();
    await untilReady(ingest);
    expect((await ingest.post("after")).status).toBe("scheduled");
  });

  it("answers 503 within a second when Redis hangs, and works again when it goes on", async () => {
    await redis.pause();
    try {
      await expectUnavailable(ingest);
    } finally {
      await redis.resume();
    }
    await untilReady(ingest);
    expect((await ingest.post("after-the-pause")).status).toBe("scheduled");
  });

  it("does not claim that nothing was queued when Redis may still queue it", async () => {
    await redis.pause();
    const sending = ingest.send("POST", "/tasks", { body: { ...BODY, repository: "in-doubt" } });
    const { status, body } = await sending.finally(() => redis.resume());
    expect(status).toBe(503);
    expect(body.detail).not.toContain("nothing was queued");
    await untilReady(ingest);
    // Whatever became of it, asking again makes no second one.
    const [again, third] = [await ingest.post("in-doubt"), await ingest.post("in-doubt")];
    expect(third).toMatchObject({ id: again.id, duplicate: true });
  });

  it("lets a request be repeated under its Idempotency-Key without queueing it twice", async () => {
    const headers = { "idempotency-key": "in-doubt" };
    const send = () => ingest.send("POST", "/tasks", { body: { ...BODY, repository: "keyed" }, headers });
    await redis.pause();
    const first = await send().finally(() => redis.resume());
    expect(first.status).toBe(503);
    await untilReady(ingest);
    const { keys, redis: connection } = ingest.deps;
    const key = keys.idempotency("", "in-doubt");
    const text = await waitUntil(() => connection.get(key), { what: "the first request's claim" });
    const claim = JSON.parse(text ?? "{}");
    expect((await send()).status).toBe(409);
    await connection.set(key, JSON.stringify({ ...claim, at: claim.at - 10_000 }), "KEEPTTL");
    expect((await send()).status).toBe(202);
    const tasks = await ingest.send<{ data: unknown[] }>("GET", "/tasks?repository=keyed");
    expect(tasks.body.data).toHaveLength(1);
  });

  it("queues a Basecamp event once that is repeated after an answer of 503", async () => {
    const send = () =>
      ingest.send("POST", path(LETO), {
        raw: nestedPayload({ event: 503 }),
        headers: { "content-type": "application/json" },
      });
    await redis.pause();
    expect((await send().finally(() => redis.resume())).status).toBe(503);
    await untilReady(ingest);
    const [second, third] = [await send(), await send()];
    expect([second.status, third.headers.location]).toEqual([202, second.headers.location]);
    const tasks = await ingest.send<{ data: { kind: string }[] }>("GET", "/tasks?limit=100");
    expect(tasks.body.data.filter(({ kind }) => kind === "message.send")).toHaveLength(1);
  });

  it("answers 503, not 500, when Redis is full", async () => {
    const connection = ingest.deps.redis;
    await connection.call("CONFIG", "SET", "maxmemory", "1");
    try {
      const answer = await ingest.send("POST", "/tasks", { body: { ...BODY, repository: "full" } });
      expect(answer).toMatchObject({ status: 503, body: { type: "urn:hookline:problem:unavailable" } });
    } finally {
      await connection.call("CONFIG", "SET", "maxmemory", "0");
    }
    expect((await ingest.post("room-again")).status).toBe("scheduled");
  });
});

describe("started before Redis", () => {
  it("answers 503 until Redis is there, and works then", async () => {
    const port = await freePort();
    const ingest = await startTestIngest({ project, env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    await expectUnavailable(ingest);
    expect((await timed(ingest.send("GET", "/metrics")))[1]).toBeLessThan(1000);
    expect((await ingest.send("GET", "/board/api/queues")).status).toBe(503);
    const redis = await startEmbeddedRedis({ directory, persistent: false, port });
    await untilReady(ingest);
    expect((await ingest.post("late")).status).toBe("scheduled");
    await ingest.stop();
    await redis.stop();
  });
});
