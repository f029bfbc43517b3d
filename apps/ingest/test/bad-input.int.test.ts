import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import type { Problem } from "@hookline/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { BAD_BODIES, BAD_TYPES, BROKEN_BODIES } from "./support/bad-bodies.ts";
import type { Answer } from "./support/client.ts";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const JSON_TYPE = { "content-type": "application/json" };
const GOOD = JSON.stringify({ username: "octocat", repository: "hello-world" });

describe("a bad request", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest();
  });
  afterAll(() => ingest.stop());
  afterEach(async () => {
    expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
    expect((await ingest.send("GET", "/healthz")).status).toBe(200);
  });

  const post = (raw: string | Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
    ingest.send<Problem>("POST", "/tasks", { raw, headers });

  /** What every problem has, and only it. */
  const expectProblem = ({ headers, body, status }: Answer<Problem>, type: string, expectedStatus: number) => {
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(status).toBe(expectedStatus);
    expect(body).toMatchObject({
      type: `urn:hookline:problem:${type}`,
      title: expect.stringMatching(/./),
      status: expectedStatus,
      detail: expect.stringMatching(/./),
    });
    const isLegacy = expectedStatus === 400;
    expect([body.code, typeof body.error]).toEqual(isLegacy ? [400, "string"] : [undefined, "undefined"]);
  };

  describe("whose body is not what the schema asks for answers 400 and names the member:", () => {
    it.each(BAD_BODIES)("%s", async (_what, body, pointer) => {
      const answer = await post(body);
      expectProblem(answer, "invalid_request", 400);
      const { errors, error } = answer.body;
      if (!Array.isArray(errors)) throw new Error("the errors are no list");
      expect(errors.map((each) => each.pointer)).toContain(pointer);
      expect(errors.length).toBeLessThanOrEqual(20);
      expect(errors.every(({ message }) => message.length > 0)).toBe(true);
      expect(error).toBe(errors[0]?.message);
      expect(answer.text.length).toBeLessThan(10_000);
    });
  });

  describe("whose body is not JSON answers 400:", () => {
    it.each(Object.entries(BROKEN_BODIES))("the body %s", async (_what, body) => {
      expectProblem(await post(body), "malformed_json", 400);
    });
  });

  describe("of another content type answers 415:", () => {
    it.each(BAD_TYPES)("%s", async (type) => {
      expectProblem(await post(GOOD, { "content-type": type }), "unsupported_media_type", 415);
    });

    it("none at all", async () => {
      expectProblem(await post(GOOD, {}), "unsupported_media_type", 415);
    });
  });

  it.each([
    "gzip",
    "deflate",
    "br",
    "zstd",
    "nonsense",
  ])("whose body is encoded as %s answers 415", async (encoding) => {
    const raw = encoding === "gzip" ? gzipSync(GOOD) : GOOD;
    expectProblem(await post(raw, { ...JSON_TYPE, "content-encoding": encoding }), "unsupported_media_type", 415);
  });

  it("without a body and without a length is told that the body is empty", async () => {
    const socket = connect(Number(new URL(ingest.address).port), "127.0.0.1");
    const head =
      "POST /tasks HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
    const answer = await text(socket.end(head));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("the body is empty");
  });

  it.each([
    ["just over 64 KiB", 64 * 1024 + 1],
    ["2 MiB", 2 * 1024 * 1024],
  ])("of %s answers 413", async (_what, size) => {
    const padding = " ".repeat(size - GOOD.length);
    expectProblem(await post(GOOD + padding), "payload_too_large", 413);
    expectProblem(
      await post(GOOD + padding, { ...JSON_TYPE, "transfer-encoding": "chunked" }),
      "payload_too_large",
      413,
    );
  });

  it("leaves no trace in Object.prototype", async () => {
    await post('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("does not keep others waiting when it has thousands of faults", async () => {
    const members = Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`m${n}`, n]));
    const before = performance.now();
    await post(JSON.stringify(members));
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe("what clients of the service this one replaces read", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest();
  });
  afterAll(() => ingest.stop());

  it.each([
    ["username", {}],
    ["username", { repository: "hello-world" }],
    ["username", { username: null, repository: "hello-world" }],
    ["username", { username: null }],
    ["username", { username: null, repository: null }],
    ["repository", { username: "octocat" }],
    ["repository", { username: "octocat", repository: null }],
  ])("is that field %s is required, the username first: %j", async (field, body) => {
    const answer = await ingest.send("POST", "/tasks", { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 400, error: `field ${field} is required` } });
  });

  it("never is that a field is required which may be left out", async () => {
    const body = { username: "octocat", repository: "hello-world", scheduleInterval: null, targets: [null] };
    const answer = await ingest.send("POST", "/tasks", { body });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain("required");
  });
});

describe("a path or query that makes no sense", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest();
  });
  afterAll(() => ingest.stop());

  it.each([
    ["GET", "/", 404],
    ["GET", "/nothing", 404],
    ["POST", "/task", 404],
    ["GET", "/tasks/%zz", 400],
    ["GET", "/tasks/%00", 404],
    ["GET", "/tasks/..%2f..%2fhealthz", 404],
    ["GET", `/tasks/${"a".repeat(8000)}`, 404],
    ["GET", "/tasks/__proto__", 404],
    ["GET", "/deliveries/constructor", 404],
    ["PUT", "/tasks", 405],
    ["PATCH", "/tasks/t00000000000000000000000000000", 405],
    ["DELETE", "/healthz", 405],
    ["POST", "/targets", 405],
  ])("%s %s answers %d as a problem", async (method, path, status) => {
    const answer = await ingest.send(method, path);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    expect(answer.body).toMatchObject({ status, detail: expect.any(String) });
    if (status === 405) expect(answer.headers.allow).toMatch(/GET|POST|DELETE/);
  });
});
