import { waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { OCTOCAT, toReceivedDigest } from "./support/digests.ts";
import { type Stack, startStack } from "./support/stack.ts";

describe("a task from request to delivery", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({
      env: { SCHEDULE_INTERVAL: "2000", RESCHEDULE_INTERVAL: "500", RETRY_MAX_ATTEMPTS: "3", CACHE_TTL: "0" },
    });
    stack.github.addRepository({
      owner: "octocat",
      name: "hello-world",
      stars: 7,
      issues: [{ title: "First" }, { title: "A change", isPullRequest: true }],
      contributors: [{ login: "octocat", contributions: 32 }],
    });
  });
  afterAll(() => stack.stop());
  beforeEach(() => {
    stack.receiver.reset();
    stack.receiver.respond({ status: 200 });
    stack.github.resetLog();
  });

  it("is accepted at once and arrives, signed, exactly once and not before its time", async () => {
    const before = Date.now();
    const accepted = await stack.post(OCTOCAT);
    expect(Date.now() - before).toBeLessThan(1000);
    expect(accepted).toMatchObject({
      ok: "task successfully scheduled",
      status: "scheduled",
      duplicate: false,
      nextAttempt: { reason: "scheduled" },
    });

    const [received] = await stack.receiver.waitFor(1);
    expect((received?.at ?? 0) - before).toBeGreaterThanOrEqual(2000);
    expect(received?.verified).toBe(true);
    expect(toReceivedDigest(received)).toMatchObject({
      type: "repository.digest",
      id: accepted.id,
      user: "octocat",
      repository: "hello-world",
      issues: [{ title: "First", number: 1 }],
      contributors: [{ user: "octocat", qtd_commits: 32, name: expect.any(String) }],
      stats: { stars: 7, openIssues: 1, openPullRequests: 1 },
    });

    const task = await stack.untilStatus(accepted.id, "delivered");
    expect(task).toMatchObject({ attempts: { made: 1, max: 4 }, nextAttempt: null, error: null });
    expect(task.deliveries).toEqual([expect.objectContaining({ target: "default", status: "delivered", attempts: 1 })]);
    expect(received?.headers["webhook-id"]).toBe(task.deliveries[0]?.id);
    const delivery = await stack.request("GET", `/deliveries/${task.deliveries[0]?.id}`);
    expect(delivery.body).toMatchObject({
      taskId: accepted.id,
      status: "delivered",
      attempts: [
        { number: 1, outcome: "delivered", status: 200, request: { url: expect.stringMatching(/\/\*\*\*$/) } },
      ],
    });
    expect(stack.receiver.received).toBe(1);
  });

  it("is posted again with the same webhook-id until its attempts are used up, asking GitHub once", async () => {
    stack.receiver.respond({ status: 500 });
    const { id } = await stack.post({ ...OCTOCAT, scheduleInterval: 0 });
    const task = await stack.untilStatus(id, "failed");
    const { requests } = stack.receiver;
    expect(requests).toHaveLength(4);
    expect(stack.receiver.byWebhookId().size).toBe(1);
    const gaps = requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));
    for (const gap of gaps) {
      expect(gap).toBeGreaterThanOrEqual(495);
      expect(gap).toBeLessThan(1500);
    }
    expect(task).toMatchObject({ attempts: { made: 4, max: 4 }, error: { code: "target_refused" }, nextAttempt: null });
    expect(task.deliveries).toEqual([expect.objectContaining({ status: "failed", attempts: 4 })]);
    expect(stack.github.requests.filter(({ path }) => /^\/repos\/[^/]+\/[^/]+$/.test(path))).toHaveLength(1);

    stack.receiver.respond({ status: 200 });
    expect((await stack.request("POST", `/tasks/${id}/retry`)).status).toBe(202);
    await stack.untilStatus(id, "delivered");
    expect(stack.receiver.byWebhookId().size).toBe(1);
  });

  it("is posted once when no retries are allowed", async () => {
    stack.receiver.respond({ status: 500 });
    const { id } = await stack.post({ ...OCTOCAT, scheduleInterval: 0, retryMaxAttempts: 0 });
    await stack.untilStatus(id, "failed");
    expect(stack.receiver.received).toBe(1);
  });

  it("tells what changed since the last digest and costs only conditional requests", async () => {
    const repository = stack.github.addRepository({
      owner: "octocat",
      name: "changing",
      stars: 1,
      issues: [{ title: "Old" }],
    });
    const request = { username: "octocat", repository: "changing", scheduleInterval: 300 };
    const first = await stack.post(request);
    const second = await stack.post({ ...request, username: "OCTOCAT", repository: "Changing" });
    expect(second).toMatchObject({ id: first.id, duplicate: true });
    await stack.untilStatus(first.id, "delivered");
    expect(stack.receiver.received).toBe(1);
    expect(toReceivedDigest(stack.receiver.requests[0]).changes).toBeNull();

    repository.openIssue({ title: "New", author: "mona" });
    repository.setStars(2);
    stack.github.resetLog();
    await stack.post({ ...request, scheduleInterval: 0 });
    const [, received] = await stack.receiver.waitFor(2);
    const { changes } = toReceivedDigest(received);
    expect(changes?.issues).toEqual({
      opened: [{ number: 2, title: "New", url: expect.stringContaining("/issues/2"), author: "mona" }],
      closed: [],
    });
    expect(changes?.stars).toEqual({ old: 1, new: 2 });
    expect(stack.github.requests.filter(({ method }) => method === "GET").every(({ conditional }) => conditional)).toBe(
      true,
    );
  });

  it("is not posted when nothing changed and only changes were asked for", async () => {
    const repository = stack.github.addRepository({ owner: "octocat", name: "quiet", issues: [{ title: "Only one" }] });
    const request = { username: "octocat", repository: "quiet", scheduleInterval: 0, onlyIfChanged: true };
    await stack.untilStatus((await stack.post(request)).id, "delivered");
    await stack.untilStatus((await stack.post(request)).id, "unchanged");
    expect(stack.receiver.received).toBe(1);
    repository.closeIssue(1);
    await stack.untilStatus((await stack.post(request)).id, "delivered");
    expect(toReceivedDigest(stack.receiver.requests[1]).changes?.issues.closed).toEqual([
      expect.objectContaining({ number: 1, title: "Only one" }),
    ]);
  });

  it("shows the repository as it was when asked, if that is wanted", async () => {
    const repository = stack.github.addRepository({ owner: "octocat", name: "then", stars: 1 });
    const { id } = await stack.post({
      username: "octocat",
      repository: "then",
      scheduleInterval: 1500,
      snapshotAt: "request",
    });
    await expect(stack.task(id)).resolves.toMatchObject({ status: "scheduled" });
    await waitForRequest(stack, "/repos/octocat/then");
    repository.setStars(99);
    await stack.untilStatus(id, "delivered");
    expect(toReceivedDigest(stack.receiver.requests[0]).stats.stars).toBe(1);
  });

  it("runs now or never when it is told so", async () => {
    const waiting = await stack.post({ ...OCTOCAT, scheduleInterval: 60_000 });
    expect((await stack.request("POST", `/tasks/${waiting.id}/run`)).status).toBe(202);
    await stack.untilStatus(waiting.id, "delivered");
    const cancelled = await stack.post({ ...OCTOCAT, scheduleInterval: 60_000 });
    expect((await stack.request("DELETE", `/tasks/${cancelled.id}`)).status).toBe(204);
    await expect(stack.task(cancelled.id)).resolves.toMatchObject({ status: "cancelled" });
    expect((await stack.request("DELETE", `/tasks/${waiting.id}`)).status).toBe(409);
  });
});

async function waitForRequest(stack: Stack, path: string): Promise<void> {
  const isDone = () =>
    stack.github.requests.filter((request) => request.path.startsWith(`${path}/`) && request.status > 0).length >= 4;
  await waitUntil(isDone, { what: `GitHub was asked for ${path}` });
}
