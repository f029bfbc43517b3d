import { type Attempt, type Delivery, type DeliveryList, DeliverySchema, type Problem } from "@hookline/contracts";
import { appendAttempt, LONGEST_WAIT_MS } from "@hookline/queue";
import { createValidator, PermanentError, TemporaryError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { makeDelivery, untilAll } from "./support/deliveries.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { createGate, startTestWorker, type TestWorker } from "./support/worker.ts";

const NOBODY = "d0000000000000000000000000000-00000000";
const validateDelivery = createValidator(DeliverySchema);

describe("/deliveries/:id", () => {
  let ingest: TestIngest;
  let worker: TestWorker | undefined;
  beforeEach(async () => {
    ingest = await startTestIngest();
  });
  afterEach(async () => {
    await rest();
    await ingest.stop();
  });

  const rest = async () => {
    await worker?.stop();
    worker = undefined;
  };
  const show = async (id: string) => (await ingest.send<Delivery>("GET", `/deliveries/${id}`)).body;
  const redeliver = (id: string) => ingest.send<Delivery & Problem>("POST", `/deliveries/${id}/redeliver`);
  const work = async (deliver: (id: string) => void | Promise<void>) => {
    worker = await startTestWorker(ingest, { "message.deliver": async (_payload, { id }) => deliver(id) });
  };
  const fail = () => {
    throw new PermanentError("target_forbidden", "the address is private");
  };
  const bodyTtl = async (id: string) => {
    const { taskId } = await show(id);
    return ingest.deps.redis.pttl(ingest.deps.keys.messageBody(`${taskId}-body`));
  };

  it("tells what is known of a delivery in the documented shape", async () => {
    const { id, createdAt } = await makeDelivery(ingest, { delayMs: 60_000 });
    const attempt: Omit<Attempt, "number"> = {
      at: new Date().toISOString(),
      outcome: "failed",
      status: 500,
      durationMs: 12,
      error: "the target answered 500",
      request: { url: "https://example.com/***", headers: { authorization: "***" } },
      response: { headers: { "content-type": "text/plain" }, body: "no", truncated: false },
    };
    await appendAttempt(ingest.deps.redis, ingest.deps.keys, { deliveryId: id, attempt, ttlMs: 60_000 });
    const delivery = await show(id);
    expect(validateDelivery(delivery)).toMatchObject({ isValid: true });
    const taskId = `t${id.slice(1, 29)}`;
    expect(delivery).toEqual({
      id,
      taskId,
      target: "default",
      kind: "webhook",
      status: "scheduled",
      createdAt: new Date(createdAt).toISOString(),
      nextAttempt: { at: new Date(createdAt + 60_000).toISOString(), reason: "scheduled" },
      attempts: [{ number: 1, ...attempt }],
      links: { self: `/deliveries/${id}`, task: `/tasks/${taskId}` },
    });
  });

  it("tells the kind of targets that requests brought along and of those that are configured no longer", async () => {
    const inline = await makeDelivery(ingest, { target: "discord~discord.com~0123456789" });
    const gone = await makeDelivery(ingest, { target: "gone" });
    expect([(await show(inline.id)).kind, (await show(gone.id)).kind]).toEqual(["discord", "unknown"]);
  });

  it("sends a failed delivery again under its id, with all attempts anew and its message kept", async () => {
    const seen: string[] = [];
    let fails = true;
    await work((id) => {
      seen.push(id);
      if (fails) throw new TemporaryError("target_refused", "the target answered 500");
    });
    const { id } = await makeDelivery(ingest);
    await untilAll(ingest, [id], "failed");
    expect((await show(id)).links.redeliver).toBe(`/deliveries/${id}/redeliver`);
    expect(seen).toEqual([id, id]);
    const again = await redeliver(id);
    expect(again).toMatchObject({ status: 202, body: { id, links: { self: `/deliveries/${id}` } } });
    expect(again.headers.location).toBe(`/deliveries/${id}`);
    expect(validateDelivery(again.body)).toMatchObject({ isValid: true });
    await waitUntil(() => seen.length === 4, { what: "both attempts are made again" });
    await untilAll(ingest, [id], "failed");
    expect(await bodyTtl(id)).toBeGreaterThan(LONGEST_WAIT_MS - 60_000);
    fails = false;
    expect((await redeliver(id)).status).toBe(202);
    await untilAll(ingest, [id], "delivered");
    expect(new Set(seen)).toEqual(new Set([id]));
  });

  it("sends a delivery again that arrived, and forgets how it ended before", async () => {
    let attempts = 0;
    const gate = createGate();
    await work(async () => {
      attempts += 1;
      if (attempts === 1) throw new TemporaryError("target_refused", "the target answered 500");
      if (attempts === 3) await gate.opened;
    });
    const { id } = await makeDelivery(ingest);
    await untilAll(ingest, [id], "delivered");
    await rest();
    expect(await redeliver(id)).toMatchObject({ status: 202, body: { status: "queued" } });
    const { data } = (await ingest.send<DeliveryList>("GET", "/deliveries")).body;
    expect(data).toMatchObject([{ id, status: "queued", attempts: 0, error: null }]);
    await work(async () => {
      attempts += 1;
      await gate.opened;
    });
    await waitUntil(async () => (await show(id)).status === "running", { what: "it is sent again" });
    expect(await redeliver(id)).toMatchObject({ status: 409, body: { detail: "the delivery is running" } });
    gate.open();
    await untilAll(ingest, [id], "delivered");
    expect(attempts).toBe(3);
  });

  it("keeps the message that others share until the repeated delivery has it too", async () => {
    const { redis, keys } = ingest.deps;
    await work(fail);
    const { id } = await makeDelivery(ingest);
    await untilAll(ingest, [id], "failed");
    await rest();
    await redeliver(id);
    const users = keys.messageUsers(`${(await show(id)).taskId}-body`);
    expect(await redis.smembers(users)).toEqual([id]);
    expect(await redis.pttl(users)).toBeGreaterThan(LONGEST_WAIT_MS - 60_000);
  });

  it("leaves those alone that wait: 409", async () => {
    const queued = await makeDelivery(ingest);
    const scheduled = await makeDelivery(ingest, { delayMs: 60_000 });
    for (const [{ id }, status] of [
      [queued, "queued"],
      [scheduled, "scheduled"],
    ] as const) {
      expect(await redeliver(id)).toMatchObject({
        status: 409,
        body: { type: "urn:hookline:problem:conflict", detail: `the delivery is ${status}` },
      });
      expect((await show(id)).links.redeliver).toBeUndefined();
    }
  });

  it("says so when the message has expired: 409, and the delivery stays as it is", async () => {
    await work(fail);
    const { id } = await makeDelivery(ingest, { hasBody: false });
    await untilAll(ingest, [id], "failed");
    expect(await redeliver(id)).toMatchObject({ status: 409, body: { detail: "its message has expired" } });
    expect((await show(id)).status).toBe("failed");
  });

  it("knows no others: 404", async () => {
    for (const id of [NOBODY, "x", "redeliver"]) {
      expect(await redeliver(id)).toMatchObject({ status: 404, body: { type: "urn:hookline:problem:not_found" } });
      expect(await ingest.send("GET", `/deliveries/${id}`)).toMatchObject({ status: 404 });
    }
  });

  it("puts a delivery back once when many ask for it at the same time", async () => {
    await work(fail);
    const { id } = await makeDelivery(ingest);
    await untilAll(ingest, [id], "failed");
    await rest();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeliver(id)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await ingest.deps.queues.deliveries.queue.getWaitingCount()).toBe(1);
  });
});

describe("with API_KEYS", () => {
  it("nothing of deliveries and targets is shown or repeated without a key", async () => {
    const ingest = await startTestIngest({ env: { API_KEYS: "secret-key" } });
    const headers = { authorization: "Bearer secret-key" };
    const routes = [
      ["GET", "/deliveries", 200],
      ["GET", `/deliveries/${NOBODY}`, 404],
      ["POST", `/deliveries/${NOBODY}/redeliver`, 404],
      ["POST", "/deliveries/redeliver", 415],
      ["GET", "/targets", 200],
      ["POST", "/targets/nobody/test", 404],
      ["POST", "/targets/nobody/enable", 404],
    ] as const;
    for (const [method, path, status] of routes) {
      expect((await ingest.send(method, path)).status).toBe(401);
      expect((await ingest.send(method, path, { headers })).status).toBe(status);
    }
    await ingest.stop();
  });
});
