import { operations } from "@hookline/contracts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "./support/ingest.ts";

const NOBODY = "t0000000000000000000000000000";
const EVERY = Object.values(operations).map((operation) => ({
  name: `${operation.method.toUpperCase()} ${operation.path}`,
  method: operation.method.toUpperCase(),
  path: operation.path.replace("{id}", NOBODY).replace("{name}", "default"),
  isOpen: "isOpen" in operation,
}));
const CLOSED = EVERY.filter(({ isOpen }) => !isOpen);

describe("with API_KEYS", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest({ env: { API_KEYS: " first-key , second:key/+=," } });
  });
  afterAll(() => ingest.stop());

  const ask = (method: string, path: string, authorization?: string) =>
    ingest.send(method, path, { headers: authorization === undefined ? {} : { authorization } });

  it.each(CLOSED)("$name asks for a key", async ({ method, path }) => {
    for (const authorization of [undefined, "", "Bearer wrong-key", "Basic Zmlyc3Qta2V5Og==", "first-key"]) {
      const answer = await ask(method, path, authorization);
      expect(answer).toMatchObject({ status: 401, body: { type: "urn:hookline:problem:unauthorized", status: 401 } });
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="hookline"');
      expect(answer.headers["x-request-id"]).toBeDefined();
    }
  });

  it.each(CLOSED)("$name lets a key in", async ({ method, path }) => {
    expect([401, 403]).not.toContain((await ask(method, path, "Bearer first-key")).status);
    expect([401, 403]).not.toContain((await ask(method, path, "Bearer second:key/+=")).status);
  });

  it.each(EVERY.filter(({ isOpen }) => isOpen))("$name is open", async ({ method, path }) => {
    expect([401, 403]).not.toContain((await ask(method, path)).status);
    expect([401, 403]).not.toContain((await ask(method, path, "Bearer wrong-key")).status);
  });

  it("only the health checks, the description of the API and what has a secret in its path are open", () => {
    expect(EVERY.filter(({ isOpen }) => isOpen).map(({ path }) => path)).toEqual([
      "/webhooks/basecamp/recordings/{inboxToken}",
      "/healthz",
      "/readyz",
      "/openapi.json",
    ]);
  });

  it.each([
    "Bearer first-ke",
    "Bearer first-keyy",
    "Bearer FIRST-KEY",
    "Bearer first-key,second",
    "Bearer first-key second",
    "Bearer  ",
    "Bearer",
    "Bearer ,",
    "Token first-key",
    `Bearer ${"k".repeat(10_000)}`,
  ])("a wrong key is refused: %.30s", async (authorization) => {
    expect((await ask("GET", "/tasks", authorization)).status).toBe(401);
  });

  it("the scheme's case and the blanks after it do not matter", async () => {
    expect((await ask("GET", "/tasks", "bearer   first-key")).status).toBe(200);
  });

  it("a body is not read before the key is checked", async () => {
    const raw = "x".repeat(100_000);
    expect((await ingest.send("POST", "/tasks", { raw })).status).toBe(401);
  });

  it("an answer to a stranger does not tell what there is", async () => {
    const known = await ingest.post("known");
    const [first, second] = await Promise.all([ask("GET", `/tasks/${known.id}`), ask("GET", `/tasks/${NOBODY}`)]);
    expect(first.text).toBe(second.text);
  });
});

describe("without API_KEYS", () => {
  let ingest: TestIngest;
  beforeAll(async () => {
    ingest = await startTestIngest();
  });
  afterAll(() => ingest.stop());

  it.each(CLOSED)("$name is open", async ({ method, path }) => {
    expect([401, 403]).not.toContain((await ingest.send(method, path)).status);
  });

  it.each(["cross-site", "same-site", "nonsense"])("changes asked for by a %s page are refused", async (site) => {
    const headers = { "sec-fetch-site": site };
    for (const { method, path } of EVERY.filter(({ method }) => method !== "GET")) {
      const answer = await ingest.send(method, path, { headers });
      expect(answer).toMatchObject({ status: 403, body: { type: "urn:hookline:problem:forbidden" } });
    }
    const board = await ingest.send("PUT", "/board/api/queues/tasks/pause", { headers });
    expect(board.status).toBe(403);
    expect((await ingest.send("GET", "/tasks", { headers })).status).toBe(200);
  });

  it.each(["same-origin", "none"])("changes asked for by a %s page are carried out", async (site) => {
    const body = { username: "octocat", repository: site };
    expect((await ingest.send("POST", "/tasks", { body, headers: { "sec-fetch-site": site } })).status).toBe(202);
  });

  it.each([
    "evil.example",
    "localhost.evil.example:4001",
    "127.0.0.1.evil.example",
    "10.0.0.1",
  ])("a page whose name %j was made to resolve to this machine gets nothing", async (host) => {
    for (const path of ["/tasks", "/board", "/healthz"]) {
      expect((await ingest.send("GET", path, { headers: { host } })).status).toBe(403);
    }
  });

  it.each([
    "localhost",
    "LOCALHOST:4001",
    "127.0.0.1:1",
    "127.8.8.8",
    "[::1]:4001",
  ])("%s is this machine", async (host) => {
    expect((await ingest.send("GET", "/tasks", { headers: { host } })).status).toBe(200);
  });

  it("any name will do when HOST opens the service on purpose", async () => {
    const open = await startTestIngest({ env: { HOST: "0.0.0.0" } });
    expect((await open.send("GET", "/tasks", { headers: { host: "hookline.internal" } })).status).toBe(200);
    await open.stop();
  });

  it("pages of other sites are allowed nothing by CORS", async () => {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
      const answer = await ingest.send(method, "/tasks", { headers });
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  it("every answer carries the security headers and no sign of Express", async () => {
    for (const path of ["/healthz", "/nothing", "/docs", "/board"]) {
      const { headers } = await ingest.send("GET", path);
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-powered-by"]).toBeUndefined();
    }
  });
});
