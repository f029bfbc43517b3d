import { disableLane, parkDelivery, pauseLane, type RedisConnection } from "@hookline/queue";
import { type Keys, RetryAfterError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest, WEBHOOK_URL } from "./support/ingest.ts";
import { startTestWorker } from "./support/worker.ts";

describe("/targets", () => {
  let ingest: TestIngest;
  let redis: RedisConnection;
  let keys: Keys;
  beforeEach(async () => {
    ingest = await startTestIngest();
    ({ redis, keys } = ingest.deps);
  });
  afterEach(() => ingest.stop());

  const list = () => ingest.send("GET", "/targets");
  const healthy = { name: "default", kind: "webhook", disabled: null, pausedUntil: null, pauseReason: null };

  it("lists the configured target and never its address", async () => {
    const answer = await list();
    expect(answer.body).toEqual({ data: [healthy] });
    expect(answer.text).not.toContain(WEBHOOK_URL);
  });

  it("lists none when none is configured", async () => {
    const bare = await startTestIngest({ env: { WEBHOOK_URL: "" } });
    expect((await bare.send("GET", "/targets")).body).toEqual({ data: [] });
    await bare.stop();
  });

  it("tells until when a target is paused and why, and no more once that is over", async () => {
    const until = Date.now() + 60_000;
    await pauseLane(redis, keys, { target: "default", until, reason: "target_retry_after" });
    const paused = { pausedUntil: new Date(until).toISOString(), pauseReason: "target_retry_after" };
    expect((await list()).body).toEqual({ data: [{ ...healthy, ...paused }] });
    await redis.hset(keys.lane("default"), "pausedUntil", String(Date.now() - 1));
    expect((await list()).body).toEqual({ data: [healthy] });
  });

  it("tells since when and why a target is disabled", async () => {
    await disableLane(redis, keys, "default", "the target answered 410");
    expect((await list()).body).toMatchObject({
      data: [{ disabled: { at: expect.stringMatching(/^20\d\d-/), reason: "the target answered 410" } }],
    });
  });

  it("counts a lane's state among the metrics", async () => {
    const state = async () =>
      (await ingest.send("GET", "/metrics")).text.match(/hookline_lane_state\{.*state="(\w+)"\} 1/)?.[1];
    expect(await state()).toBe("sending");
    await pauseLane(redis, keys, { target: "default", until: Date.now() + 60_000, reason: "target_retry_after" });
    expect(await state()).toBe("paused");
    await disableLane(redis, keys, "default", "the target answered 410");
    expect(await state()).toBe("disabled");
  });

  it("enables a target and sends what was parked for it at once", async () => {
    let isGone = true;
    const worker = await startTestWorker(ingest, {
      "message.deliver": async (_payload, { id }) => {
        if (!isGone) return;
        await disableLane(redis, keys, "default", "the target answered 410");
        await parkDelivery(redis, keys, "default", id);
        throw new RetryAfterError(600_000, "target_disabled");
      },
    });
    const { id } = await ingest.post("parked", { scheduleInterval: 0 });
    const status = async () => (await ingest.task(id)).deliveries[0]?.status;
    await waitUntil(async () => (await status()) === "parked", { what: "the delivery is parked" });
    isGone = false;
    const answer = await ingest.send("POST", "/targets/default/enable");
    expect(answer).toMatchObject({ status: 202, body: { enabled: "default", released: 1 } });
    await waitUntil(async () => (await status()) === "delivered", { what: "the delivery arrived" });
    expect((await list()).body).toEqual({ data: [healthy] });
    await worker.stop();
  });

  it("enables what is enabled without complaint and knows no other names", async () => {
    expect((await ingest.send("POST", "/targets/default/enable")).body).toEqual({ enabled: "default", released: 0 });
    expect((await ingest.send("POST", "/targets/team/enable")).status).toBe(404);
    expect((await ingest.send("POST", "/targets/__proto__/enable")).status).toBe(404);
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
