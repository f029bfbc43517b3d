import type { LogFields, Logger } from "@hookline/runtime";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { flatRecording, LETO, nestedPayload, PAUL, path, project } from "./support/basecamp.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const TOKENS = [LETO, PAUL, "unknown-token"];

/** A logger that keeps its lines as they are, with nothing masked. */
function createRecorder(): { readonly lines: string[]; readonly log: Logger } {
  const lines: string[] = [];
  const note = (event: string, fields?: LogFields) => void lines.push(JSON.stringify({ event, ...fields }));
  return { lines, log: { debug: note, info: note, warn: note, error: note } };
}

describe("an inbox's token", () => {
  const { lines, log } = createRecorder();
  const answers: string[] = [];
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ project, log });
    const raw = nestedPayload();
    const headers = { "content-type": "application/json" };
    const { queue } = ingest.deps.queues.tasks;
    const add = queue.add.bind(queue);
    for (const token of TOKENS) {
      const requests = [
        ["POST", path(token), { raw, headers }],
        ["POST", path(token), { raw, headers }],
        ["POST", `${path(token)}/`, { raw: nestedPayload({ event: 2 }), headers }],
        ["POST", path(token).toUpperCase().replace(token.toUpperCase(), token), { body: { recording: {} } }],
        ["POST", path(token), { raw: "{", headers }],
        ["POST", path(token), { raw: "x" }],
        ["POST", `${path(token)}/more`, { raw, headers }],
        ["POST", `${path(token)}/%zz`, { raw, headers }],
        ["POST", path(token), { raw, headers: { ...headers, "sec-fetch-site": "cross-site" } }],
        ["GET", path(token), {}],
        ["PUT", path(token), { raw, headers }],
        ["OPTIONS", path(token), {}],
      ] as const;
      for (const [method, address, options] of requests) {
        const answer = await ingest.send(method, address, options);
        answers.push(`${JSON.stringify(answer.headers)}${answer.text}`);
      }
      queue.add = () => Promise.reject(new Error("a bug"));
      await ingest.send("POST", path(token), { body: { recording: flatRecording() } });
      queue.add = add;
    }
    for (const address of ["/tasks", "/metrics", "/openapi.json", "/targets", "/board/api/queues"]) {
      answers.push((await ingest.send("GET", address)).text);
    }
  });
  afterAll(() => ingest.stop());

  const expectNone = (texts: readonly string[]) => {
    expect(texts.length).toBeGreaterThan(0);
    for (const token of TOKENS) expect(texts.filter((text) => text.includes(token))).toEqual([]);
  };

  it("stands in no line of any log, also of requests that failed", () => {
    expectNone(lines);
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events).toEqual(expect.arrayContaining(["http.answered", "http.failed", "task.accepted"]));
    expect(lines.some((line) => line.includes("/webhooks/basecamp/recordings/{inboxToken}"))).toBe(true);
  });

  it("stands in no answer, neither to its own requests nor to those of others", () => {
    expectNone(answers);
    expect(answers.some((text) => text.includes('route="/webhooks/basecamp/recordings/{inboxToken}"'))).toBe(true);
  });

  it("stands nowhere in Redis, where the inbox's name stands for it", async () => {
    const { redis } = ingest.deps;
    const keys = await redis.keys(`${ingest.prefix}:*`);
    const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    const jobs = await ingest.deps.queues.tasks.queue.getJobs();
    const texts = [...keys, ...values.map((value) => String(value)), ...jobs.map(({ data }) => JSON.stringify(data))];
    expectNone(texts);
    expect(texts.some((text) => text.includes('"inbox":"leto"'))).toBe(true);
  });
});
