import {
  type Delivery,
  type DeliveryList,
  DeliveryListSchema,
  type DeliveryStatus,
  type Task,
} from "@hookline/contracts";
import { createValidator, PermanentError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { makeDeliveries, type TestDelivery, untilAll } from "./support/deliveries.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { startTestWorker } from "./support/worker.ts";

const validateList = createValidator<DeliveryList>(DeliveryListSchema);

describe("GET /deliveries", () => {
  let ingest: TestIngest;
  let newestFirst: TestDelivery[];
  const statuses = new Map<string, DeliveryStatus>();
  const now = Date.now();
  const toTarget = (n: number) => (n % 3 === 0 ? "discord~discord.com~0123456789" : "default");

  /** Sixty deliveries, a minute apart: the oldest ten fail, the next ten arrive, ten more wait to be taken, the rest wait longer. */
  beforeAll(async () => {
    ingest = await startTestIngest();
    const toOptions = (n: number) => ({ target: toTarget(n), createdAt: now - (60 - n) * 60_000 });
    const make = (first: number, last: number, delayMs = 0) =>
      makeDeliveries(
        ingest,
        Array.from({ length: last - first }, (_, n) => ({ ...toOptions(first + n), delayMs })),
      );
    const failed = await make(0, 10);
    const bad = new Set(failed.map(({ id }) => id));
    const worker = await startTestWorker(ingest, {
      "message.deliver": async (_payload, { id }) => {
        if (bad.has(id)) throw new PermanentError("target_forbidden", "the address is private");
      },
    });
    const delivered = await make(10, 20);
    await untilAll(ingest, [...bad], "failed");
    await untilAll(
      ingest,
      delivered.map(({ id }) => id),
      "delivered",
    );
    await worker.stop();
    const queued = await make(20, 30);
    const scheduled = await make(30, 60, 7_200_000);
    for (const [all, status] of [
      [failed, "failed"],
      [delivered, "delivered"],
      [queued, "queued"],
      [scheduled, "scheduled"],
    ] as const) {
      for (const { id } of all) statuses.set(id, status);
    }
    newestFirst = [...failed, ...delivered, ...queued, ...scheduled].reverse();
  });
  afterAll(() => ingest.stop());

  const list = async (query: string) => (await ingest.send<DeliveryList>("GET", `/deliveries?${query}`)).body;
  const listAll = async (query: string) => {
    const pages: DeliveryList[] = [];
    let cursor: string | null = "";
    while (cursor !== null && pages.length < 100) {
      const page: DeliveryList = await list(`${query}${cursor === "" ? "" : `&cursor=${cursor}`}`);
      pages.push(page);
      cursor = page.nextCursor;
    }
    return pages;
  };
  const idsOf = (deliveries: readonly { readonly id: string }[]) => deliveries.map(({ id }) => id);
  const toIso = (n: number) => new Date(now - (60 - n) * 60_000).toISOString();
  const indexOf = (delivery: TestDelivery) => 59 - newestFirst.indexOf(delivery);

  it("gives the newest 20 first, in the documented shape, and names the next page", async () => {
    const page = await list("");
    expect(validateList(page)).toMatchObject({ isValid: true });
    expect(idsOf(page.data)).toEqual(idsOf(newestFirst.slice(0, 20)));
    expect(page.nextCursor).toContain(newestFirst[19]?.id);
    const [newest] = page.data;
    const { body: single } = await ingest.send<Delivery>("GET", `/deliveries/${newest?.id}`);
    expect(newest).toEqual({ ...single, attempts: 0, error: null });
  });

  it("tells of a failed one how often it was tried, why it failed, and how it is sent again", async () => {
    const [newest] = (await list("status=failed")).data;
    expect(newest).toMatchObject({
      status: "failed",
      kind: "discord",
      attempts: 1,
      error: { code: "target_forbidden", message: "the address is private" },
      links: { redeliver: `/deliveries/${newest?.id}/redeliver` },
    });
  });

  it.each([1, 7, 20, 59, 60, 61, 100])("pages of %d give each of 60 deliveries once, in order", async (limit) => {
    const pages = await listAll(`limit=${limit}`);
    expect(idsOf(pages.flatMap(({ data }) => data))).toEqual(idsOf(newestFirst));
    expect(pages).toHaveLength(Math.ceil(60 / limit));
  });

  it.each([
    ["status=failed", (_n: number, status?: string) => status === "failed"],
    ["status=delivered", (_n: number, status?: string) => status === "delivered"],
    ["status=queued", (_n: number, status?: string) => status === "queued"],
    ["status=scheduled", (_n: number, status?: string) => status === "scheduled"],
    ["status=parked", () => false],
    ["target=default", (n: number) => n % 3 !== 0],
    ["target=discord~discord.com~0123456789", (n: number) => n % 3 === 0],
    ["target=nobody", () => false],
    ["target=default&status=failed", (n: number, status?: string) => n % 3 !== 0 && status === "failed"],
    [`since=${toIso(40)}`, (n: number) => n >= 40],
    [`until=${toIso(40)}`, (n: number) => n < 40],
    [`since=${toIso(15)}&until=${toIso(25)}`, (n: number) => n >= 15 && n < 25],
    [
      `since=${toIso(15)}&until=${toIso(25)}&status=queued&target=default`,
      (n: number) => n >= 20 && n < 25 && n % 3 !== 0,
    ],
    [`since=${toIso(25)}&until=${toIso(15)}`, () => false],
    ["since=1960-01-01T00:00:00Z&until=9999-12-31T23:59:59Z", () => true],
    ["until=1960-01-01T00:00:00Z", () => false],
  ])("filters by %s", async (query, isMeant) => {
    const pages = await listAll(`limit=4&${query}`);
    const meant = newestFirst.filter((delivery) => isMeant(indexOf(delivery), statuses.get(delivery.id)));
    expect(idsOf(pages.flatMap(({ data }) => data))).toEqual(idsOf(meant));
    expect(pages.at(-1)?.nextCursor).toBeNull();
  });

  it("takes a time with an offset", async () => {
    const offset = new Date(Date.parse(toIso(40)) + 2 * 3_600_000).toISOString().replace("Z", "%2B02:00");
    expect((await list(`limit=100&since=${offset}`)).data).toHaveLength(20);
  });

  it.each([
    ["limit=0", "/limit"],
    ["limit=101", "/limit"],
    ["limit=1.5", "/limit"],
    ["limit=1&limit=2", "/limit"],
    ["cursor=", "/cursor"],
    ["cursor=t0000000000000000000000000000", "/cursor"],
    ["status=done", "/status"],
    ["since=yesterday", "/since"],
    ["since=2026-01-01", "/since"],
    ["since=2026-01-01T00:00:00", "/since"],
    ["since=2016-12-31T23:59:60Z", "/since"],
    ["since=2026-01-01T00:00:00+02:00", "/since"],
    ["until=", "/until"],
    ["target=", "/target"],
    ["taskId=x", "/taskId"],
    ["__proto__=1", "/__proto__"],
  ])("refuses ?%s", async (query, pointer) => {
    const answer = await ingest.send("GET", `/deliveries?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 400, errors: [{ pointer }] } });
  });
});

describe("GET /deliveries beside a worker", () => {
  it("lists each delivery of a task once, also when the task runs again", async () => {
    const ingest = await startTestIngest();
    const worker = await startTestWorker(ingest);
    const { id } = await ingest.post("listed", { scheduleInterval: 0 });
    const until = (status: Task["status"]) =>
      waitUntil(async () => (await ingest.task(id)).status === status, { what: `the task is ${status}` });
    await until("delivered");
    const job = await ingest.deps.queues.tasks.queue.getJob(id);
    await job?.retry("completed");
    await waitUntil(async () => (await job?.getState()) === "completed", { what: "the task ran again" });
    const { data } = (await ingest.send<DeliveryList>("GET", "/deliveries")).body;
    expect(data).toMatchObject([{ taskId: id, status: "delivered", links: { task: `/tasks/${id}` } }]);
    await worker.stop();
    await ingest.stop();
  });

  it("finds the few that are left among many that were cleared away, and forgets those", async () => {
    const ingest = await startTestIngest();
    const { redis, keys } = ingest.deps;
    const [kept] = await makeDeliveries(ingest, [{}]);
    const toEntry = (n: number) => `${(Date.now() - n).toString(16).padStart(12, "0")}d${"0".repeat(28)}-37a8eec1`;
    await redis.zadd(keys.deliveryIndex, ...Array.from({ length: 2500 }, (_, n) => ["0", toEntry(n + 1)]).flat());
    const first = (await ingest.send<DeliveryList>("GET", "/deliveries")).body;
    expect(first.data.map(({ id }) => id)).toEqual([kept?.id]);
    let { nextCursor } = first;
    for (let pages = 0; nextCursor !== null && pages < 10; pages += 1) {
      ({ nextCursor } = (await ingest.send<DeliveryList>("GET", `/deliveries?cursor=${nextCursor}`)).body);
    }
    expect(await redis.zcard(keys.deliveryIndex)).toBe(1);
    await ingest.stop();
  });
});
