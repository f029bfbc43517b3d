import { findInlineTarget, toTargetName } from "@hookline/queue";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Accepted, startTestIngest, type TestIngest, WEBHOOK_URL } from "./support/ingest.ts";

describe("POST /tasks", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ env: { SCHEDULE_INTERVAL: "10800", RESCHEDULE_INTERVAL: "5000" } });
  });
  afterAll(() => ingest.stop());

  const jobOf = async (id: string) => {
    const job = await ingest.deps.queues.tasks.queue.getJob(id);
    if (job === undefined) throw new Error(`there is no job ${id}`);
    return job;
  };

  it("answers 202 with the whole task, its address and what older clients read", async () => {
    const before = Date.now();
    const answer = await ingest.send<Accepted>("POST", "/tasks", {
      body: { username: "octocat", repository: "Hello-World" },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    const { id, createdAt, runAt } = answer.body;
    expect(answer.headers.location).toBe(`/tasks/${id}`);
    expect(answer.body).toEqual({
      ok: "task successfully scheduled",
      id: expect.stringMatching(/^t[0-9a-f]{28}$/),
      kind: "github.digest",
      status: "scheduled",
      username: "octocat",
      repository: "Hello-World",
      createdAt: expect.any(String),
      runAt: expect.any(String),
      attempts: { made: 0, max: 4 },
      nextAttempt: { at: runAt, reason: "scheduled" },
      error: null,
      result: null,
      deliveries: [],
      duplicate: false,
      links: { self: `/tasks/${id}`, cancel: `/tasks/${id}`, run: `/tasks/${id}/run` },
    });
    expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(runAt) - Date.parse(createdAt)).toBe(10_800);
  });

  it("answers what GET then tells of the task", async () => {
    const { ok, duplicate, ...task } = await ingest.post("same-as-get", { scheduleInterval: 60_000 });
    expect({ ok, duplicate }).toEqual({ ok: "task successfully scheduled", duplicate: false });
    expect(await ingest.task(task.id)).toEqual(task);
  });

  it("queues a job with the delay, attempts and backoff of the settings", async () => {
    const job = await jobOf((await ingest.post("defaults")).id);
    expect(job.name).toBe("github.digest");
    expect(job.data).toEqual({ username: "octocat", repository: "defaults", targets: ["default"] });
    expect(job.opts).toMatchObject({ delay: 10_800, attempts: 4, backoff: { type: "fixed", delay: 5000 } });
    expect(await job.getState()).toBe("delayed");
  });

  it("queues a job with the delay, attempts and backoff of the request", async () => {
    const options = { scheduleInterval: 7_200_000, rescheduleInterval: 250, retryMaxAttempts: 0 };
    const task = await ingest.post("options", options);
    expect(task.attempts).toEqual({ made: 0, max: 1 });
    expect((await jobOf(task.id)).opts).toMatchObject({
      delay: 7_200_000,
      attempts: 1,
      backoff: { type: "fixed", delay: 250 },
    });
  });

  it("queues without a delay when the wait is 0", async () => {
    const task = await ingest.post("at-once", { scheduleInterval: 0 });
    expect(task).toMatchObject({ status: "queued", nextAttempt: { at: task.createdAt, reason: "queued" } });
    expect(await (await jobOf(task.id)).getState()).toBe("waiting");
  });

  it("takes the time of the first attempt with any offset", async () => {
    const at = Date.now() + 3_600_000;
    const local = new Date(at + 7_200_000).toISOString().replace("Z", "+02:00");
    const task = await ingest.post("run-at", { runAt: local });
    expect(Math.abs(Date.parse(task.runAt) - at)).toBeLessThan(5);
    expect((await ingest.task(task.id)).runAt).toBe(task.runAt);
  });

  it("runs at once what should have run in the past", async () => {
    expect(await ingest.post("past", { runAt: "1999-12-31T23:59:59Z" })).toMatchObject({ status: "queued" });
  });

  it.each([
    ["a time beyond a year", { runAt: "2999-01-01T00:00:00Z" }, "must be at most a year ahead"],
    [
      "a leap second, which has no time of ours",
      { runAt: "2027-06-30T23:59:60Z" },
      "is not a date and time that exists",
    ],
    [
      "a time and a wait",
      { runAt: "2027-01-01T00:00:00Z", scheduleInterval: 5 },
      "give either runAt or scheduleInterval, not both",
    ],
  ])("refuses %s", async (_what, more, message) => {
    const body = { username: "octocat", repository: "refused", ...more };
    const answer = await ingest.send("POST", "/tasks", { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: "/runAt", message }] } });
  });

  it("keeps onlyIfChanged and snapshotAt for the worker", async () => {
    const task = await ingest.post("changed", { onlyIfChanged: true, snapshotAt: "request" });
    expect((await jobOf(task.id)).data).toMatchObject({ onlyIfChanged: true, snapshotAt: "request" });
    const plain = await ingest.post("unchanged", { onlyIfChanged: false, snapshotAt: "delivery" });
    expect(Object.keys((await jobOf(plain.id)).data)).toEqual(["username", "repository", "targets"]);
  });

  it("queues the collection at once when the snapshot is that of the request", async () => {
    const task = await ingest.post("captured", { snapshotAt: "request" });
    const capture = await jobOf(`c${task.id.slice(1)}`);
    expect(capture).toMatchObject({ name: "github.capture", data: { taskId: task.id, repository: "captured" } });
    expect(await capture.getState()).toBe("prioritized");
  });

  it("takes the longest names that GitHub has", async () => {
    const body = { username: "a".repeat(39), repository: "r".repeat(100), scheduleInterval: 31_536_000_000 };
    expect((await ingest.send("POST", "/tasks", { body })).status).toBe(202);
  });

  it("gives back the client's x-request-id when it is harmless, else one of its own", async () => {
    const idOf = async (headers: Record<string, string>) =>
      (await ingest.send("POST", "/tasks", { body: {}, headers })).headers["x-request-id"];
    expect(await idOf({ "x-request-id": "Abc-1_2.3" })).toBe("Abc-1_2.3");
    expect(await idOf({ "x-request-id": "a".repeat(64) })).toBe("a".repeat(64));
    const made = /^[0-9a-f-]{36}$/;
    expect(await idOf({})).toMatch(made);
    for (const bad of ["a".repeat(65), "a b", "<script>", "ü"])
      expect(await idOf({ "x-request-id": bad })).toMatch(made);
  });

  it("ignores a byte order mark and a charset, and takes a path with a slash at its end", async () => {
    const raw = `\uFEFF${JSON.stringify({ username: "octocat", repository: "bom" })}`;
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await ingest.send("POST", "/tasks/", { raw, headers })).status).toBe(202);
  });

  it("names no target's address", async () => {
    const { text } = await ingest.send("POST", "/tasks", { body: { username: "octocat", repository: "secret" } });
    expect(text).not.toContain(WEBHOOK_URL);
  });
});

describe("the targets of a task", () => {
  const inline = { kind: "webhook" as const, url: "https://hooks.example.com/T000/secret" };
  const keys = { API_KEYS: "a-key-of-the-tests" };
  const authorization = { authorization: "Bearer a-key-of-the-tests" };

  const postTo = async (env: Record<string, string>, targets: unknown, headers = {}) => {
    const ingest = await startTestIngest({ env });
    try {
      const body = { username: "octocat", repository: "hello-world", ...(targets === undefined ? {} : { targets }) };
      const answer = await ingest.send<Accepted>("POST", "/tasks", { body, headers });
      const job = await ingest.deps.queues.tasks.queue.getJob(answer.body.id ?? "none");
      const kept = await findInlineTarget(ingest.deps.redis, ingest.deps.keys, toTargetName(inline));
      return { ...answer, job, kept, queued: await ingest.queued() };
    } finally {
      await ingest.stop();
    }
  };

  it("are missing without WEBHOOK_URL: 422 no_target, and the service runs", async () => {
    const answer = await postTo({ WEBHOOK_URL: "" }, undefined);
    expect(answer).toMatchObject({ status: 422, body: { type: "urn:hookline:problem:no_target", status: 422 } });
    expect(answer.queued).toEqual({ tasks: 0, index: 0 });
  });

  it("are refused by name when they are not configured: 422 unknown_target", async () => {
    const answer = await postTo({}, ["default", "team"]);
    expect(answer).toMatchObject({
      status: 422,
      body: { type: "urn:hookline:problem:unknown_target", errors: [{ pointer: "/targets/1" }] },
      queued: { tasks: 0, index: 0 },
    });
  });

  it("may stand in the request only when API keys are set: 403", async () => {
    expect(await postTo({}, [inline])).toMatchObject({
      status: 403,
      body: { type: "urn:hookline:problem:forbidden" },
      queued: { tasks: 0 },
    });
  });

  it("stand in the job, each once and by name only, when API keys are set", async () => {
    const { status, job, text, kept } = await postTo(keys, ["default", inline, "default", inline], authorization);
    expect(status).toBe(202);
    expect(job?.data.targets).toEqual(["default", toTargetName(inline)]);
    expect(JSON.stringify(job?.data)).not.toContain("secret");
    expect(kept).toEqual(inline);
    expect(text).not.toContain("secret");
  });

  it.each([
    ["a user name and password", "https://user:pass@example.com/", "must not contain a user name or password"],
    ["a host that cannot be", "https://exa mple.com/", "must be a URL"],
    ["no host", "https://", "must be a URL"],
    ["a port that cannot be", "https://example.com:99999/", "must be a URL"],
  ])("are refused when their URL has %s", async (_what, url, message) => {
    const answer = await postTo(keys, [{ kind: "webhook", url }], authorization);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: "/targets/0/url", message }] } });
    expect(answer.queued).toEqual({ tasks: 0, index: 0 });
  });
});
