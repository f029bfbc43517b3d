import { toDeliveryId, toTaskId } from "@hookline/contracts";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { addDeliveries, appendAttempt, hasArrived, readJob, redeliver, toBackoffOptions } from "../src/index.ts";
import { type Bench, openBench } from "./support/bench.ts";

const TASK = toTaskId(1, "0123456789abcdef");
const ID = toDeliveryId(TASK, "01234567");
const PAYLOAD = { taskId: TASK, target: "default", bodyId: "body", documentType: "repository.digest" as const };

describe("whether a delivery has arrived", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
    await addDeliveries(bench.queues, bench.keys, [
      { id: ID, payload: PAYLOAD, attempts: 3, backoff: toBackoffOptions("fixed", 0) },
    ]);
  });
  afterEach(() => bench.stop());

  const log = (outcome: "delivered" | "failed", durationMs: number) => {
    const request = { url: "http://example.com/***", headers: {} };
    const attempt = {
      at: new Date(0).toISOString(),
      outcome,
      status: 1,
      durationMs,
      error: null,
      request,
      response: null,
    };
    return appendAttempt(bench.redis, bench.keys, { deliveryId: ID, attempt, ttlMs: 60_000 });
  };
  const arrived = () => hasArrived(bench.queues.deliveries, bench.keys, ID);

  it("is told by its last attempt", async () => {
    expect(await arrived()).toBe(false);
    await log("failed", 1);
    expect(await arrived()).toBe(false);
    await log("delivered", 2);
    expect(await arrived()).toBe(true);
  });

  it("counts only from when somebody had it sent again", async () => {
    await bench.redis.set(bench.keys.messageBody(PAYLOAD.bodyId), "a body");
    await log("delivered", 1);
    const consumer = bench.work(async () => undefined, { open: bench.queues.deliveries });
    const isDone = async () => (await readJob(bench.queues.deliveries, ID))?.state === "completed";
    await waitUntil(isDone, { what: "the delivery is done" });
    await consumer.drain(0);
    const ended = { id: ID, state: "completed" as const, payload: PAYLOAD };
    expect(await redeliver(bench.queues.deliveries, bench.keys, ended)).toBe("done");
    expect(await arrived()).toBe(false);
    await log("delivered", 2);
    expect(await arrived()).toBe(true);
  });
});
