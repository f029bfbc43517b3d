import type { Task } from "@hookline/contracts";
import { PermanentError } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { createGate, queueDeliveries, startTestWorker, type TestWorker, toResult } from "./support/worker.ts";

const NOBODY = "t0000000000000000000000000000";

describe("changing a task", () => {
  let ingest: TestIngest;
  let worker: TestWorker | undefined;
  beforeEach(async () => {
    ingest = await startTestIngest();
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await ingest.stop();
  });

  const until = async (id: string, status: Task["status"]) => {
    const look = async () => {
      const task = await ingest.task(id);
      if (task.status !== status) throw new Error(`it is ${task.status}`);
      return task;
    };
    return waitUntil(look, { what: `task ${id} is ${status}` });
  };

  it.each([
    0, 600_000,
  ])("DELETE cancels a task that waits %d ms; it stays visible as cancelled", async (scheduleInterval) => {
    const task = await ingest.post("cancel", { scheduleInterval });
    const answer = await ingest.send("DELETE", `/tasks/${task.id}`);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    const { ok, duplicate, ...known } = task;
    const cancelled = { ...known, status: "cancelled", nextAttempt: null, links: { self: `/tasks/${task.id}` } };
    expect(await ingest.task(task.id)).toEqual(cancelled);
    const list = await ingest.send("GET", "/tasks?status=cancelled");
    expect(list.body).toEqual({ data: [cancelled], nextCursor: null });
    expect((await ingest.queued()).tasks).toBe(0);
    expect([ok, duplicate]).toEqual(["task successfully scheduled", false]);
  });

  it("DELETE, run and retry answer 404 for what there is not", async () => {
    for (const [method, path] of [
      ["DELETE", `/tasks/${NOBODY}`],
      ["DELETE", "/tasks/nonsense"],
      ["POST", `/tasks/${NOBODY}/run`],
      ["POST", `/tasks/${NOBODY}/retry`],
    ] as const) {
      expect(await ingest.send(method, path)).toMatchObject({ status: 404, body: { status: 404 } });
    }
  });

  it("a cancelled task cannot be cancelled again, run or retried: 409", async () => {
    const { id } = await ingest.post("cancelled");
    await ingest.send("DELETE", `/tasks/${id}`);
    for (const [method, path] of [
      ["DELETE", `/tasks/${id}`],
      ["POST", `/tasks/${id}/run`],
      ["POST", `/tasks/${id}/retry`],
    ] as const) {
      expect(await ingest.send(method, path)).toMatchObject({
        status: 409,
        body: { type: "urn:hookline:problem:conflict", detail: "the task is cancelled" },
      });
    }
  });

  it("a running task can be neither cancelled, run nor retried: 409", async () => {
    const gate = createGate();
    worker = await startTestWorker(ingest, {
      "github.digest": async () => {
        await gate.opened;
        return toResult({ outcome: "unchanged" });
      },
    });
    const { id } = await ingest.post("running", { scheduleInterval: 0 });
    await until(id, "running");
    expect((await ingest.send("DELETE", `/tasks/${id}`)).status).toBe(409);
    expect((await ingest.send("POST", `/tasks/${id}/run`)).status).toBe(409);
    expect((await ingest.send("POST", `/tasks/${id}/retry`)).status).toBe(409);
    gate.open();
    await until(id, "unchanged");
    expect(await ingest.send("DELETE", `/tasks/${id}`)).toMatchObject({
      status: 409,
      body: { detail: "the task is unchanged" },
    });
  });

  it("run makes a waiting task due now", async () => {
    const task = await ingest.post("run-now");
    const answer = await ingest.send<Task>("POST", `/tasks/${task.id}/run`);
    expect(answer).toMatchObject({
      status: 202,
      body: { id: task.id, status: "queued", nextAttempt: { reason: "queued" } },
    });
    expect(answer.headers.location).toBe(`/tasks/${task.id}`);
    expect((await ingest.send("POST", `/tasks/${task.id}/run`)).status).toBe(202);
    worker = await startTestWorker(ingest);
    await until(task.id, "delivered");
  });

  it("retry collects again where collecting failed, with all attempts anew", async () => {
    let fails = true;
    worker = await startTestWorker(ingest, {
      "github.digest": async (payload, context) => {
        if (fails) throw new PermanentError("repository_not_found", "there is no such repository");
        return queueDeliveries(ingest, payload, context);
      },
    });
    const { id } = await ingest.post("retry", { scheduleInterval: 0 });
    const failed = await until(id, "failed");
    expect(failed.links.retry).toBe(`/tasks/${id}/retry`);
    fails = false;
    expect((await ingest.send("POST", `/tasks/${id}/retry`)).status).toBe(202);
    expect(await until(id, "delivered")).toMatchObject({ attempts: { made: 1 }, error: null });
    expect((await ingest.send("POST", `/tasks/${id}/retry`)).status).toBe(409);
  });

  it("retry repeats only the failed deliveries, under the ids that they had", async () => {
    const sent: string[] = [];
    let fails = true;
    worker = await startTestWorker(ingest, {
      "github.digest": async (payload, context) => {
        const other = { kind: "webhook" as const, url: "https://example.com/" };
        return queueDeliveries(ingest, { ...payload, targets: ["default", other] }, context);
      },
      "message.deliver": async ({ target }, { id }) => {
        sent.push(id);
        if (fails && target !== "default") throw new PermanentError("target_forbidden", "the address is private");
      },
    });
    const { id } = await ingest.post("retry-delivery", { scheduleInterval: 0 });
    const failed = await until(id, "failed");
    const broken = failed.deliveries.find(({ status }) => status === "failed")?.id;
    expect(sent).toHaveLength(2);
    fails = false;
    const answer = await ingest.send<Task>("POST", `/tasks/${id}/retry`);
    expect(answer.status).toBe(202);
    await until(id, "delivered");
    expect(sent.slice(2)).toEqual([broken]);
  });
});
