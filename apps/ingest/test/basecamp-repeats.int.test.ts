import { isTaskId, toCreatedAtMs, toTaskId } from "@hookline/contracts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { flatRecording, LETO, nestedPayload, PAUL, path, project } from "./support/basecamp.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const DAY_MS = 86_400_000;

describe("an event that Basecamp repeats", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ project });
  });
  afterAll(() => ingest.stop());

  const post = (event: number | string, token = LETO) =>
    ingest.send("POST", path(token), {
      raw: nestedPayload({ event }),
      headers: { "content-type": "application/json" },
    });
  const keyOf = (event: number | string, inbox = "leto") =>
    ingest.deps.keys.sourceEvent("basecamp", inbox, String(event));
  const claimOf = async (event: number | string) =>
    JSON.parse((await ingest.deps.redis.get(keyOf(event))) ?? "{}") as Record<string, unknown>;

  it("is queued once, and answered the same each time", async () => {
    const first = await post(1);
    const { tasks } = await ingest.queued();
    for (let n = 0; n < 3; n += 1) {
      const again = await post(1);
      expect([again.status, again.text, again.headers.location]).toEqual([202, first.text, first.headers.location]);
    }
    expect((await ingest.queued()).tasks).toBe(tasks);
  });

  it("is queued once also when its task was worked off and cleared away", async () => {
    const first = await post(2);
    const id = String(first.headers.location).replace("/tasks/", "");
    await ingest.deps.queues.tasks.queue.remove(id);
    const { tasks } = await ingest.queued();
    expect((await post(2)).headers.location).toBe(first.headers.location);
    expect((await ingest.queued()).tasks).toBe(tasks);
  });

  it("is queued once when it comes ten times at the same moment", async () => {
    const { tasks } = await ingest.queued();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(3)));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
    expect((await ingest.queued()).tasks).toBe(tasks + 1);
  });

  it("is known for 30 days", async () => {
    await post(4);
    const ttl = await ingest.deps.redis.pttl(keyOf(4));
    expect(ttl).toBeGreaterThan(29 * DAY_MS);
    expect(ttl).toBeLessThanOrEqual(30 * DAY_MS);
    expect(await claimOf(4)).toMatchObject({ isQueued: true });
  });

  it("is queued under its first id when the first request was cut off before that", async () => {
    const taskId = toTaskId(Date.now() - 60_000, "0123456789abc");
    await ingest.deps.redis.set(keyOf(5), JSON.stringify({ taskId, isQueued: false }), "PX", DAY_MS);
    const { tasks } = await ingest.queued();
    const { status, headers } = await post(5);
    expect([status, headers.location]).toEqual([202, `/tasks/${taskId}`]);
    const job = await ingest.deps.queues.tasks.queue.getJob(taskId);
    expect(job?.timestamp).toBe(toCreatedAtMs(taskId));
    expect(job?.data).toMatchObject({ document: { id: taskId, event: { id: "5" } } });
    expect(await claimOf(5)).toEqual({ taskId, isQueued: true });
    expect((await post(5)).headers.location).toBe(`/tasks/${taskId}`);
    expect((await ingest.queued()).tasks).toBe(tasks + 1);
  });

  it("is queued once when the first request was cut off after that", async () => {
    const first = await post(6);
    const claim = await claimOf(6);
    await ingest.deps.redis.set(keyOf(6), JSON.stringify({ ...claim, isQueued: false }), "PX", DAY_MS);
    const { tasks } = await ingest.queued();
    expect((await post(6)).headers.location).toBe(first.headers.location);
    expect((await ingest.queued()).tasks).toBe(tasks);
    expect(await claimOf(6)).toMatchObject({ isQueued: true });
  });

  it("is not known as done while its task could not be queued", async () => {
    const { queue } = ingest.deps.queues.tasks;
    const add = queue.add.bind(queue);
    queue.add = () => Promise.reject(new Error("cut off"));
    const failed = await post(7).finally(() => {
      queue.add = add;
    });
    expect(failed.status).toBe(500);
    const { taskId, isQueued } = await claimOf(7);
    expect([isTaskId(String(taskId)), isQueued]).toEqual([true, false]);
    expect((await post(7)).headers.location).toBe(`/tasks/${taskId}`);
    expect(await queue.getJob(String(taskId))).toBeDefined();
  });

  it("of another inbox, or with an id that differs in a digit beyond 2^53, is another event", async () => {
    const locations = [
      await post("9007199254740992"),
      await post("9007199254740993"),
      await post("9007199254740993", PAUL),
      await post('"9007199254740993"', PAUL),
    ].map(({ headers }) => headers.location);
    expect(new Set(locations).size).toBe(3);
    expect(locations[3]).toBe(locations[2]);
  });

  it("cannot be told from another when it has no id: each is queued", async () => {
    const send = () => ingest.send("POST", path(LETO), { body: { recording: flatRecording() } });
    const [first, second] = [await send(), await send()];
    expect(first.headers.location).not.toBe(second.headers.location);
  });
});
