import type { Delivery, Redelivered } from "@hookline/contracts";
import { PermanentError, RetryAfterError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { makeDeliveries, untilAll } from "./support/deliveries.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { startTestWorker, type TestWorker } from "./support/worker.ts";

describe("POST /deliveries/redeliver", () => {
  let ingest: TestIngest;
  let worker: TestWorker | undefined;
  let sent: string[];
  let broken: ReadonlySet<string>;
  const now = Date.now();
  beforeEach(async () => {
    ingest = await startTestIngest();
    [sent, broken] = [[], new Set()];
    worker = await startTestWorker(ingest, {
      "message.deliver": async ({ target }, { id }) => {
        sent.push(id);
        if (target === "parked") throw new RetryAfterError(600_000, "target_disabled");
        if (broken.has(id)) throw new PermanentError("target_forbidden", "the address is private");
      },
    });
  });
  afterEach(async () => {
    await rest();
    await ingest.stop();
  });

  const rest = async () => {
    await worker?.stop();
    worker = undefined;
  };
  const redeliver = (body: unknown) => ingest.send<Redelivered>("POST", "/deliveries/redeliver", { body });
  /** Ten deliveries, a minute apart, of which every other one fails; to three targets in turn. */
  const arrange = async () => {
    const all = await makeDeliveries(
      ingest,
      Array.from({ length: 10 }, (_, n) => ({
        target: ["default", "team", "other"][n % 3] ?? "",
        createdAt: now - (10 - n) * 60_000,
        // Together, so that what is broken is known before the first is sent.
        delayMs: (10 - n) * 60_000 + 300,
      })),
    );
    const [odd, even] = [1, 0].map((rest) => all.filter((_, n) => n % 2 === rest));
    broken = new Set(odd?.map(({ id }) => id));
    await untilAll(ingest, [...broken], "failed");
    await untilAll(ingest, even?.map(({ id }) => id) ?? [], "delivered");
    [sent, broken] = [[], new Set()];
    return all;
  };

  it("counts first and changes nothing in a dry run, then sends all that failed, the oldest first", async () => {
    const all = await arrange();
    const failed = all.filter((_, n) => n % 2 === 1).map(({ id }) => id);
    expect(await redeliver({ dryRun: true })).toMatchObject({ status: 200, body: { matched: 5, redelivered: 0 } });
    const counts = await ingest.deps.queues.deliveries.queue.getJobCounts("failed", "completed", "waiting", "active");
    expect(counts).toEqual({ failed: 5, completed: 5, waiting: 0, active: 0 });
    await rest();
    expect(await redeliver({})).toMatchObject({ status: 202, body: { matched: 5, redelivered: 5 } });
    const waiting = await ingest.deps.queues.deliveries.queue.getWaiting(0, -1);
    expect(waiting.map(({ id }) => id)).toEqual(failed);
    expect((await redeliver({})).body).toEqual({ matched: 0, redelivered: 0 });
  });

  it("chooses by target, status and time, from `since` on and before `until`", async () => {
    const all = await arrange();
    const iso = (n: number) => new Date(all[n]?.createdAt ?? 0).toISOString();
    const count = async (body: object) => (await redeliver({ ...body, dryRun: true })).body.matched;
    expect(await count({ target: "default" })).toBe(2);
    expect(await count({ target: "default", status: "delivered" })).toBe(2);
    expect(await count({ target: "webhook~nobody~0123456789" })).toBe(0);
    expect(await redeliver({ target: "defualt" })).toMatchObject({
      status: 422,
      body: { type: "urn:hookline:problem:unknown_target" },
    });
    expect(await count({ since: iso(3) })).toBe(4);
    expect(await count({ until: iso(3) })).toBe(1);
    expect(await count({ since: iso(3), until: iso(7) })).toBe(2);
    expect(await count({ status: "delivered", since: iso(2), until: iso(8) })).toBe(3);
    const offset = new Date((all[3]?.createdAt ?? 0) + 2 * 3_600_000).toISOString().replace("Z", "+02:00");
    expect(await count({ since: offset })).toBe(4);
    const answer = await redeliver({ target: "default", status: "delivered", until: iso(6) });
    expect(answer.body).toEqual({ matched: 1, redelivered: 1 });
    await waitUntil(() => sent.length === 1, { what: "one is sent again" });
    expect(sent).toEqual([all[0]?.id]);
  });

  it("never touches what waits, is scheduled or parked", async () => {
    const [parked] = await makeDeliveries(ingest, [{ target: "parked" }, { delayMs: 60_000 }]);
    await waitUntil(() => sent.length === 1, { what: "one is parked" });
    for (const status of ["failed", "delivered"]) {
      expect((await redeliver({ status })).body).toEqual({ matched: 0, redelivered: 0 });
    }
    expect((await ingest.send<Delivery>("GET", `/deliveries/${parked?.id}`)).body.status).toBe("parked");
    expect(await ingest.deps.queues.deliveries.queue.getDelayedCount()).toBe(2);
  });

  it("tells those whose message has expired by the difference", async () => {
    const all = await makeDeliveries(ingest, [{}, { hasBody: false }, {}]);
    await untilAll(
      ingest,
      all.map(({ id }) => id),
      "delivered",
    );
    expect((await redeliver({ status: "delivered" })).body).toEqual({ matched: 3, redelivered: 2 });
  });

  it("works through thousands", async () => {
    const many = 2500;
    const ids = (
      await makeDeliveries(
        ingest,
        Array.from({ length: many }, () => ({})),
      )
    ).map(({ id }) => id);
    await waitUntil(async () => (await ingest.deps.queues.deliveries.queue.getCompletedCount()) === 1000, {
      what: "all are over: the newest 1000 are kept",
    });
    await waitUntil(() => sent.length === many, { what: "all are sent" });
    await rest();
    const answer = await redeliver({ status: "delivered" });
    expect(answer.body).toEqual({ matched: 1000, redelivered: 1000 });
    const waiting = await ingest.deps.queues.deliveries.queue.getWaiting(0, -1);
    expect(waiting.map(({ id }) => id)).toEqual(ids.filter((id) => waiting.some((job) => job.id === id)));
  });

  it.each([
    [{ status: "queued" }, "/status"],
    [{ status: "parked" }, "/status"],
    [{ since: "yesterday" }, "/since"],
    [{ since: "2026-01-01" }, "/since"],
    [{ until: "2026-01-01T00:00:00" }, "/until"],
    [{ until: "2016-12-31T23:59:60Z" }, "/until"],
    [{ target: "" }, "/target"],
    [{ target: ["default"] }, "/target"],
    [{ dryRun: "yes" }, "/dryRun"],
    [{ ids: [] }, "/ids"],
    [[], ""],
  ])("refuses %j", async (body, pointer) => {
    expect(await redeliver(body)).toMatchObject({ status: 400, body: { code: 400, errors: [{ pointer }] } });
    expect(sent).toEqual([]);
  });

  it("refuses what is no JSON, or too large", async () => {
    expect((await ingest.send("POST", "/deliveries/redeliver")).status).toBe(415);
    const headers = { "content-type": "application/json" };
    expect((await ingest.send("POST", "/deliveries/redeliver", { raw: "", headers })).status).toBe(400);
    expect((await ingest.send("POST", "/deliveries/redeliver", { raw: " ".repeat(5000), headers })).status).toBe(413);
  });
});
