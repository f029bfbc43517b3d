import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { LETO, nestedPayload, path, project } from "./support/basecamp.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const json = { "content-type": "application/json" };

describe("a traceparent", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ project, env: { SNAPSHOT_AT: "request" } });
  });
  afterAll(() => ingest.stop());

  const traceOf = async (id: string) => (await ingest.deps.queues.tasks.queue.getJob(id))?.opts.telemetry?.metadata;
  const task = (repository: string) => ({ username: "octocat", repository });

  it("of a request goes with its task, and with the capture for it", async () => {
    const { body } = await ingest.send("POST", "/tasks", { body: task("one"), headers: { traceparent } });
    expect(await traceOf(String(body.id))).toBe(JSON.stringify({ traceparent }));
    expect(await traceOf(`c${String(body.id).slice(1)}`)).toBe(JSON.stringify({ traceparent }));
  });

  it("of a batch goes with every task", async () => {
    const headers = { traceparent, tracestate: "vendor=1" };
    const { body } = await ingest.send<{ tasks: { id: string }[] }>("POST", "/tasks/batch", {
      body: [task("two"), task("three")],
      headers,
    });
    const traces = await Promise.all(body.tasks.map(({ id }) => traceOf(id)));
    expect(traces).toEqual([JSON.stringify(headers), JSON.stringify(headers)]);
  });

  it("of a webhook goes with its event's task", async () => {
    const answer = await ingest.send("POST", path(LETO), { raw: nestedPayload(), headers: { ...json, traceparent } });
    const id = String(answer.headers.location).replace("/tasks/", "");
    expect(await traceOf(id)).toBe(JSON.stringify({ traceparent }));
  });

  it.each([
    "",
    "00-abc",
    `${traceparent}-x`,
    traceparent.replace("00-", "ff-"),
    `${traceparent}, ${traceparent}`,
  ])("that is %j is ignored", async (malformed) => {
    const body = { ...task(`r${malformed.length}`), snapshotAt: "delivery" };
    const answer = await ingest.send("POST", "/tasks", { body, headers: { traceparent: malformed } });
    expect(answer.status).toBe(202);
    expect(await traceOf(String(answer.body.id))).toBeUndefined();
  });
});
