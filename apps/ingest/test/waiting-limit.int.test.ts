import { waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { newPrefix, startTestIngest, type TestIngest } from "./support/ingest.ts";
import { startTestWorker } from "./support/worker.ts";

const LIMIT = 10;

describe("RATE_LIMIT_MAX_SIMULTANEOUS_JOBS", () => {
  let apps: TestIngest[];
  let first: TestIngest;
  beforeAll(async () => {
    const env = { RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: String(LIMIT), QUEUE_PREFIX: newPrefix() };
    apps = await Promise.all([startTestIngest({ env }), startTestIngest({ env })]);
    [first] = apps as [TestIngest];
  });
  afterAll(() => Promise.all(apps.map((app) => app.stop())));
  beforeEach(() => first.deps.queues.tasks.queue.obliterate({ force: true }));

  const send = (app: TestIngest, repository: string, more = {}) =>
    app.send("POST", "/tasks", { body: { username: "octocat", repository, ...more } });

  it("is met exactly by 50 posts at once to two replicas, every time", async () => {
    for (let round = 0; round < 10; round += 1) {
      await first.deps.queues.tasks.queue.obliterate({ force: true });
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => send(apps[n % 2] ?? first, `round${round}-${n}`)),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 202)).toHaveLength(LIMIT);
      expect(statuses.filter((status) => status === 429)).toHaveLength(50 - LIMIT);
      expect((await first.queued()).tasks).toBe(LIMIT);
    }
  });

  it("refuses nobody while there is room (a task just added was counted twice, and some were refused)", async () => {
    for (let round = 0; round < 20; round += 1) {
      await first.deps.queues.tasks.queue.obliterate({ force: true });
      const sendAll = async (app: TestIngest, lane: number) => {
        const answers = [];
        for (let n = 0; n < 2; n += 1) answers.push(await send(app, `room${round}-${lane}-${n}`));
        return answers;
      };
      const lanes = Array.from({ length: LIMIT / 2 }, (_, lane) => sendAll(apps[lane % 2] ?? first, lane));
      const answers = (await Promise.all(lanes)).flat();
      expect(answers.map(({ status }) => status)).toEqual(Array(LIMIT).fill(202));
    }
  });

  it("does not count captures (with a limit of 2 the second such task was refused)", async () => {
    for (let n = 0; n < LIMIT; n += 1) {
      expect((await send(first, `captured${n}`, { snapshotAt: "request" })).status).toBe(202);
    }
    expect((await send(first, "captured-past-the-limit", { snapshotAt: "request" })).status).toBe(429);
  });

  it("lets the same 50 requests share one place", async () => {
    for (let n = 0; n < LIMIT - 1; n += 1) await send(first, `other${n}`);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => send(apps[n % 2] ?? first, "the-same")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
  });

  it("is past for a new request and not for one that waits already", async () => {
    for (let n = 0; n < LIMIT; n += 1) expect((await send(first, `full${n}`)).status).toBe(202);
    const refused = await send(first, "one-more");
    expect(refused).toMatchObject({
      status: 429,
      body: { type: "urn:hookline:problem:too_many_tasks", status: 429, code: 429, error: "max simultaneous jobs" },
    });
    expect(await send(first, "FULL0")).toMatchObject({ status: 202, body: { duplicate: true } });
  });

  it("tells in Retry-After when the next task leaves the queue", async () => {
    for (let n = 0; n < LIMIT; n += 1) await send(first, `due${n}`, { scheduleInterval: 90_000 + n * 1000 });
    const after = Number((await send(first, "later")).headers["retry-after"]);
    expect(after).toBeGreaterThan(80);
    expect(after).toBeLessThanOrEqual(90);
  });

  it("asks to come back soon when tasks are due already (it named the day of one far ahead)", async () => {
    for (let n = 0; n < LIMIT; n += 1) await send(first, `mixed${n}`, { scheduleInterval: n === 0 ? 0 : 86_400_000 });
    expect((await send(first, "soon")).headers["retry-after"]).toBe("1");
  });

  it("has room again once a task is cancelled", async () => {
    const answers = await Promise.all(Array.from({ length: LIMIT }, (_, n) => send(first, `cancel${n}`)));
    expect((await send(first, "no-room")).status).toBe(429);
    await first.send("DELETE", `/tasks/${String(answers[0]?.body.id)}`);
    expect((await send(first, "room")).status).toBe(202);
    expect((await send(first, "no-more-room")).status).toBe(429);
  });

  it("does not count what runs or is done", async () => {
    const worker = await startTestWorker(first);
    try {
      for (let n = 0; n < LIMIT; n += 1) await send(first, `done${n}`, { scheduleInterval: 0 });
      await waitUntil(async () => (await first.deps.queues.tasks.queue.getCompletedCount()) === LIMIT, {
        what: "all done",
      });
      expect((await send(first, "next")).status).toBe(202);
    } finally {
      await worker.stop();
    }
  });

  it.each(["0", "-1", "-5"])("of %s is no limit", async (limit) => {
    const app = await startTestIngest({ env: { RATE_LIMIT_MAX_SIMULTANEOUS_JOBS: limit } });
    try {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => send(app, `free${n}`)));
      expect(answers.every(({ status }) => status === 202)).toBe(true);
    } finally {
      await app.stop();
    }
  });
});
