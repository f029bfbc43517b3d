import { TargetListSchema, type TestTask, TestTaskSchema, toDeliveryId } from "@hookline/contracts";
import { emptyProject, type Project } from "@hookline/project";
import { enterLane, type LaneResult, leaveLane, type RedisConnection, toTargetKey } from "@hookline/queue";
import { createValidator, type Keys, RetryAfterError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { makeDeliveries, untilAll } from "./support/deliveries.ts";
import { startTestIngest, type TestIngest, WEBHOOK_URL } from "./support/ingest.ts";
import { startTestWorker, type TestWorker } from "./support/worker.ts";

const SECRET_URL = "https://hooks.slack.com/services/T0/B0/secret";
const project: Project = { ...emptyProject, targets: { team: { kind: "slack", url: SECRET_URL } } };
const LIMITS = { intervalMs: 0, maxInFlight: 4, timeoutMs: 5000 };
const BREAKER = { failures: 1, failingMs: 0, openMs: 60_000, longestOpenMs: 60_000, disableAfterMs: 600_000 };
const INLINE = "discord~discord.com~0123456789";

describe("/targets", () => {
  let ingest: TestIngest;
  let redis: RedisConnection;
  let keys: Keys;
  let worker: TestWorker | undefined;
  beforeEach(async () => {
    ingest = await startTestIngest();
    ({ redis, keys } = ingest.deps);
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await ingest.stop();
  });

  const list = () => ingest.send("GET", "/targets");
  const healthy = {
    name: "default",
    kind: "webhook",
    disabled: null,
    pausedUntil: null,
    pauseReason: null,
    breaker: "closed",
    inFlight: 0,
    waiting: 0,
  };
  const enter = (target: string, deliveryId: string) => enterLane(redis, keys, { target, deliveryId, limits: LIMITS });
  /** One delivery goes to the target, and so it went. */
  const pass = async (result: LaneResult, target = "default") => {
    await enter(target, "d1");
    await leaveLane(redis, keys, { target, deliveryId: "d1", limits: LIMITS, breaker: BREAKER, result });
  };

  it("lists the configured target and never its address", async () => {
    const answer = await list();
    expect(answer.body).toEqual({ data: [healthy] });
    expect(answer.text).not.toContain(WEBHOOK_URL);
  });

  it("lists those of the project file with their kinds, and never a secret", async () => {
    const configured = await startTestIngest({ project });
    const answer = await configured.send("GET", "/targets");
    expect(answer.body).toEqual({ data: [healthy, { ...healthy, name: "team", kind: "slack" }] });
    expect(createValidator(TargetListSchema)(answer.body)).toMatchObject({ isValid: true });
    expect(answer.text).not.toContain("secret");
    await configured.stop();
  });

  it("lists none when none is configured", async () => {
    const bare = await startTestIngest({ env: { WEBHOOK_URL: "" } });
    expect((await bare.send("GET", "/targets")).body).toEqual({ data: [] });
    await bare.stop();
  });

  it("tells until when a target is paused and why, and no more once that is over", async () => {
    await pass({ kind: "retry_later", waitMs: 60_000 });
    const paused = { pausedUntil: expect.stringMatching(/^20.*Z$/), pauseReason: "target_retry_after", waiting: 1 };
    expect((await list()).body).toEqual({ data: [{ ...healthy, ...paused }] });
    await redis.hset(keys.lane("default"), "pausedUntil", String(Date.now() - 1));
    expect((await list()).body).toEqual({ data: [{ ...healthy, waiting: 1 }] });
  });

  it("tells whether the breaker is open, and how many deliveries are under way and wait", async () => {
    await pass({ kind: "failed", durationMs: 5, reason: "the target answered 500" });
    await enter("default", "d2");
    expect((await list()).body).toEqual({ data: [{ ...healthy, breaker: "open", waiting: 1 }] });
    await redis.hset(keys.lane("default"), "openUntil", String(Date.now() - 1));
    expect(await enter("default", "d2")).toEqual({ mayGo: true });
    expect((await list()).body).toEqual({ data: [{ ...healthy, breaker: "half_open", inFlight: 1 }] });
  });

  it("tells since when and why a target is disabled", async () => {
    await pass({ kind: "gone", reason: "the target answered 410" });
    expect((await list()).body).toMatchObject({
      data: [{ disabled: { at: expect.stringMatching(/^20\d\d-/), reason: "the target answered 410" } }],
    });
  });

  it("counts a lane's state among the metrics", async () => {
    const state = async () =>
      (await ingest.send("GET", "/metrics")).text.match(/hookline_lane_state\{.*state="(\w+)"\} 1/)?.[1];
    expect(await state()).toBe("sending");
    await pass({ kind: "retry_later", waitMs: 60_000 });
    expect(await state()).toBe("paused");
    await redis.del(keys.lane("default"));
    await pass({ kind: "failed", durationMs: 5, reason: "the target answered 500" });
    expect(await state()).toBe("breaker_open");
    await redis.hset(keys.lane("default"), "openUntil", String(Date.now() - 1));
    expect(await state()).toBe("breaker_half_open");
    await pass({ kind: "gone", reason: "the target answered 410" });
    expect(await state()).toBe("disabled");
  });

  it.each(["default", INLINE])("enables %s and makes what was parked for it due, the oldest first", async (target) => {
    const sent: string[] = [];
    worker = await startTestWorker(ingest, {
      "message.deliver": async (_payload, { id }) => {
        const entry = await enter(target, id);
        if (!entry.mayGo) throw new RetryAfterError(600_000, entry.reason);
        sent.push(id);
        await leaveLane(redis, keys, {
          ...{ target, deliveryId: id, limits: LIMITS, breaker: BREAKER },
          result: { kind: "delivered", durationMs: 1 },
        });
      },
    });
    await pass({ kind: "gone", reason: "the target answered 410" }, target);
    const many = Array.from({ length: 700 }, () => ({ target }));
    const ids = (await makeDeliveries(ingest, many)).map(({ id }) => id);
    await waitUntil(async () => (await redis.zcard(keys.parked(target))) === ids.length, { what: "all are parked" });
    const parked = await ingest.send("GET", `/deliveries/${ids[0]}`);
    expect(parked.body).toMatchObject({ status: "parked", nextAttempt: { reason: "target_disabled" } });
    const { queue } = ingest.deps.queues.deliveries;
    await waitUntil(async () => (await queue.getDelayedCount()) === ids.length, { what: "all are put aside" });
    await worker.stop();
    worker = undefined;
    const answer = await ingest.send("POST", `/targets/${target}/enable`);
    expect(answer).toMatchObject({ status: 202, body: { enabled: target, released: ids.length } });
    const waiting = await queue.getWaiting(0, -1);
    expect(waiting.map(({ id }) => id)).toEqual(ids);
    expect(sent).toEqual([]);
  });

  it("enables what is enabled without complaint and knows no other names", async () => {
    expect((await ingest.send("POST", "/targets/default/enable")).body).toEqual({ enabled: "default", released: 0 });
    expect((await ingest.send("POST", "/targets/team/enable")).status).toBe(404);
    expect((await ingest.send("POST", "/targets/__proto__/enable")).status).toBe(404);
  });

  it("sends an example as a task of its own, without retries and past the limit of waiting tasks", async () => {
    const full = await startTestIngest({ project, env: { RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: "1" } });
    await full.post("fills-the-queue");
    const answer = await full.send<TestTask>("POST", "/targets/team/test");
    const { body: task } = answer;
    expect(answer).toMatchObject({
      status: 202,
      body: { kind: "message.send", status: "queued", attempts: { made: 0, max: 1 }, deliveries: [] },
    });
    expect(answer.headers.location).toBe(`/tasks/${task.id}`);
    expect(createValidator(TestTaskSchema)(task)).toMatchObject({ isValid: true });
    expect(task.deliveryId).toBe(toDeliveryId(task.id, toTargetKey("team")));
    const job = await full.deps.queues.tasks.queue.getJob(task.id);
    expect(job?.data).toEqual({
      document: { type: "target.test", id: task.id, timestamp: task.createdAt, target: "team" },
      targets: ["team"],
    });
    worker = await startTestWorker(full);
    await untilAll(full, [task.deliveryId], "delivered");
    expect((await full.send("GET", `/deliveries/${task.deliveryId}`)).body).toMatchObject({
      target: "team",
      kind: "slack",
    });
    await worker.stop();
    worker = undefined;
    await full.stop();
  });

  it("tries only targets that are configured: 404 for others", async () => {
    for (const name of ["team", "__proto__", INLINE]) {
      expect((await ingest.send("POST", `/targets/${name}/test`)).status).toBe(404);
    }
    expect((await ingest.queued()).tasks).toBe(0);
  });
});

describe("/metrics", () => {
  it("counts requests by route and shows the queues", async () => {
    const ingest = await startTestIngest();
    await ingest.post("waits");
    await ingest.post("due", { scheduleInterval: 0 });
    await ingest.send("GET", "/tasks/t0000000000000000000000000000");
    const { text, headers } = await ingest.send("GET", "/metrics");
    expect(headers["content-type"]).toMatch(/^text\/plain/);
    expect(text).toContain('hookline_http_requests_total{method="POST",route="/tasks",status="202"} 2');
    expect(text).toContain('hookline_http_requests_total{method="GET",route="/tasks/{id}",status="404"} 1');
    expect(text).toContain('hookline_queue_jobs{queue="tasks",state="delayed"} 1');
    expect(text).toContain('hookline_queue_jobs{queue="tasks",state="waiting"} 1');
    expect(text).toMatch(/hookline_queue_oldest_waiting_seconds\{queue="tasks"\} \d/);
    expect(text).toMatch(/hookline_http_request_duration_seconds_count\{method="POST",route="\/tasks"\} 2/);
    await ingest.stop();
  });
});
