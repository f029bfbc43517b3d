import type { SendPayload, Task } from "@hookline/contracts";
import { toDeliveryId } from "@hookline/contracts";
import { toTargetKey } from "@hookline/queue";
import { waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { flatRecording, LETO, nestedPayload, PARENT, PAUL, path, project, RECORDING } from "./support/basecamp.ts";
import type { SendOptions } from "./support/client.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";
import { startTestWorker } from "./support/worker.ts";

const JSON_TYPE = { "content-type": "application/json" };
const NOT_FOUND = {
  type: "urn:hookline:problem:not_found",
  title: "There is nothing here",
  status: 404,
  detail: "there is no such webhook",
  errors: { detail: "Page not found" },
};

describe("POST /webhooks/basecamp/recordings/:inboxToken", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ project, env: { API_KEYS: "a-key", RETRY_MAX_ATTEMPTS: "2" } });
  });
  afterAll(() => ingest.stop());

  const post = (token: string, options: SendOptions) => ingest.send("POST", path(token), options);
  const postText = (raw: string | Uint8Array, token = LETO) => post(token, { raw, headers: JSON_TYPE });
  const jobOf = async (location: unknown) => {
    const job = await ingest.deps.queues.tasks.queue.getJob(String(location).replace("/tasks/", ""));
    if (job === undefined) throw new Error("there is no such job");
    return job;
  };
  const getTask = async (location: unknown) =>
    (await ingest.send<Task>("GET", String(location), { headers: { authorization: "Bearer a-key" } })).body;

  it("takes a flat recording without an API key: the token is the key", async () => {
    const { status, body, headers } = await post(LETO, { body: { recording: flatRecording() } });
    const { parent_id: _id, parent_app_url: _url, ...told } = flatRecording();
    expect([status, body]).toEqual([202, { data: told }]);
    expect(headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(headers.location).toMatch(/^\/tasks\/t[0-9a-f]{28}$/);
  });

  it("keeps every digit of ids beyond 2^53, in the answer and in the document", async () => {
    const { status, text, headers } = await postText(nestedPayload({ event: RECORDING }));
    expect(status).toBe(202);
    expect(text).toContain(`"basecamp_id":${RECORDING},`);
    const { data } = await jobOf(headers.location);
    expect((data as SendPayload).document).toMatchObject({
      event: { id: RECORDING },
      recording: { id: RECORDING, parentId: PARENT },
    });
  });

  it("queues a task for the inbox's targets, due at once, with the attempts of the settings", async () => {
    const { headers } = await postText(nestedPayload({ event: 2 }));
    const { id, name, data, opts, timestamp } = await jobOf(headers.location);
    expect(name).toBe("message.send");
    expect(data).toMatchObject({ targets: ["team", "archive"] });
    expect((data as SendPayload).document).toMatchObject({
      type: "basecamp.recording",
      id,
      timestamp: new Date(timestamp).toISOString(),
      inbox: "leto",
      event: { id: "2", kind: "message_created" },
      creator: { name: "Matt Donahue", avatarUrl: "https://3.basecamp.com/66/avatar" },
    });
    expect(opts).toMatchObject({ attempts: 3, backoff: { delay: 5000 } });
    expect(opts.delay ?? 0).toBe(0);
  });

  it("shows the task: no repository, no result of its own, its deliveries once they are there", async () => {
    const { headers } = await postText(nestedPayload({ event: 3 }), PAUL);
    const queued = await getTask(headers.location);
    expect(queued).toMatchObject({
      kind: "message.send",
      status: "queued",
      username: null,
      repository: null,
      result: null,
      deliveries: [],
    });
    const filtered = await ingest.send<{ data: Task[] }>("GET", "/tasks?username=octocat&repository=hello-world", {
      headers: { authorization: "Bearer a-key" },
    });
    expect([filtered.status, filtered.body.data]).toEqual([200, []]);
    const worker = await startTestWorker(ingest);
    const delivered = await waitUntil(
      async () => {
        const task = await getTask(headers.location);
        return task.status === "delivered" ? task : undefined;
      },
      { what: "the message is delivered" },
    );
    await worker.stop();
    const id = toDeliveryId(String(delivered?.id), toTargetKey("team"));
    expect(delivered).toMatchObject({ result: null, deliveries: [{ id, target: "team", status: "delivered" }] });
  });

  it("lets a waiting message be cancelled", async () => {
    const { headers } = await postText(nestedPayload({ event: 4 }));
    const authorization = { headers: { authorization: "Bearer a-key" } };
    expect((await ingest.send("DELETE", String(headers.location), authorization)).status).toBe(204);
    expect(await getTask(headers.location)).toMatchObject({ kind: "message.send", status: "cancelled" });
  });

  it("gives tasks ids that grow, and each a place in its thread at each target before it is queued", async () => {
    const { redis, keys } = ingest.deps;
    const order = (target: string) => redis.zrange(keys.threadOrder(target, "777"), "0", "-1");
    const locations: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { headers } = await post(LETO, { body: { recording: flatRecording({ parent_id: 777 }) } });
      locations.push(String(headers.location));
    }
    expect(locations.toSorted()).toEqual(locations);
    for (const target of ["team", "archive"]) {
      const ids = locations.map((location) => toDeliveryId(location.replace("/tasks/", ""), toTargetKey(target)));
      expect(await order(target)).toEqual(ids);
    }
  });

  it("answers ten quick posts at once, each promptly", async () => {
    const times = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const before = performance.now();
        const { status } = await postText(nestedPayload({ event: 100 + n }));
        return { status, ms: performance.now() - before };
      }),
    );
    expect(times.every(({ status }) => status === 202)).toBe(true);
    expect(Math.max(...times.map(({ ms }) => ms))).toBeLessThan(500);
  });

  it("answers 422 by field, and all nine fields when there are none", async () => {
    const { status, headers, body } = await post(LETO, { body: { recording: {} } });
    expect([status, headers["content-type"]]).toEqual([422, "application/problem+json; charset=utf-8"]);
    const errors = Object.fromEntries(Object.keys(flatRecording()).map((field) => [field, ["can't be blank"]]));
    expect(body).toEqual({
      type: "urn:hookline:problem:invalid_recording",
      title: "The recording is invalid",
      status: 422,
      detail: expect.stringContaining("parent_app_url"),
      errors,
    });
  });

  it.each([
    [{ content: "  " }, { content: ["can't be blank"] }],
    [{ basecamp_id: "abc" }, { basecamp_id: ["is invalid"] }],
    [
      { title: 4, parent_id: "42x" },
      { title: ["is invalid"], parent_id: ["is invalid"] },
    ],
  ])("answers 422 for %j", async (wrong, errors) => {
    expect(await post(LETO, { body: { recording: flatRecording(wrong) } })).toMatchObject({
      status: 422,
      body: { errors },
    });
  });

  it.each([
    ["no recording", "{}", "invalid_request"],
    ["a recording that is null", '{"recording":null}', "invalid_request"],
    ["a recording that is a list", '{"recording":[]}', "invalid_request"],
    ["a list", "[]", "invalid_request"],
    ["nothing", "", "malformed_json"],
    ["half an object", '{"recording":{', "malformed_json"],
    ["lists without end", "[".repeat(500_000), "malformed_json"],
    ["no UTF-8", Buffer.from('{"recording":"ö"}', "latin1"), "malformed_json"],
  ])("answers 400 to %s, also in the words of older clients", async (_what, raw, problem) => {
    const { status, body } = await postText(raw);
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: `urn:hookline:problem:${problem}`, code: 400, error: expect.any(String) });
  });

  it("answers 415 to what is not JSON, and 413 to more than 1 MiB", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await post(LETO, { raw: "recording[id]=42", headers: form })).status).toBe(415);
    expect((await post(LETO, { raw: JSON.stringify({ recording: flatRecording() }) })).status).toBe(415);
    const content = "x".repeat(1024 * 1024 - 1000);
    expect((await post(LETO, { body: { recording: flatRecording({ content }) } })).status).toBe(202);
    expect(
      (await post(LETO, { body: { recording: flatRecording({ content: `${content}${"x".repeat(1000)}` }) } })).status,
    ).toBe(413);
  });

  it.each([
    "/webhooks/basecamp/recordings",
    "/webhooks/basecamp/recordings/",
    "/webhooks/basecamp/recordings/unknown-token",
    path(LETO.slice(0, -1)),
    path(`${LETO}x`),
    path(LETO.toUpperCase()),
    path("leto"),
    path("__proto__"),
    `${path(LETO)}/more`,
    "/webhooks/other/recordings/x",
  ])("answers 404 with errors to %s", async (address) => {
    const { status, body } = await ingest.send("POST", address, { body: { recording: flatRecording() } });
    expect([status, body]).toEqual([404, NOT_FOUND]);
  });

  it("reads nothing of a body before it knows the token", async () => {
    const raw = "x".repeat(2 * 1024 * 1024);
    expect((await ingest.send("POST", path("unknown-token"), { raw })).status).toBe(404);
  });

  it("queues nothing of what it refuses", async () => {
    const before = await ingest.queued();
    await post(LETO, { body: { recording: {} } });
    await post(LETO, { body: {} });
    await post("unknown-token", { body: { recording: flatRecording() } });
    expect(await ingest.queued()).toEqual(before);
  });
});

describe("without a project file", () => {
  it("there is no inbox", async () => {
    const ingest = await startTestIngest();
    expect((await ingest.send("POST", path(LETO), { body: { recording: flatRecording() } })).status).toBe(404);
    await ingest.stop();
  });
});
