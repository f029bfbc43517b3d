import { operations } from "@hookline/contracts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "../../apps/ingest/test/support/ingest.ts";
import { ask } from "./support/raw.ts";

const KEY = "right-key";
const PASSWORD = "right-password";
const NOBODY = "t0000000000000000000000000000";
const RIGHT = { authorization: `Bearer ${KEY}` };

const all = Object.values(operations).map((operation) => ({
  name: `${operation.method.toUpperCase()} ${operation.path}`,
  method: operation.method.toUpperCase(),
  path: operation.path.replace("{id}", NOBODY).replace("{name}", "default"),
  isOpen: "isOpen" in operation,
}));
const closed = all.filter(({ isOpen }) => !isOpen);
const REFUSED = [400, 401, 403, 404, 405];

describe("with API_KEYS and BOARD_PASSWORD", () => {
  let ingest: TestIngest;
  let port: number;
  beforeAll(async () => {
    const env = { API_KEYS: `${KEY},other-key`, BOARD_PASSWORD: PASSWORD, AUTH_FAILURE_LIMIT: "0" };
    ingest = await startTestIngest({ env });
    port = Number(new URL(ingest.address).port);
  });
  afterAll(() => ingest.stop());

  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

  it.each(closed)("$name: none and wrong keys are refused, the right one is let in", async ({ method, path }) => {
    const wrong: Readonly<Record<string, string>>[] = [
      {},
      { authorization: "Bearer wrong-key" },
      basic(`admin:${PASSWORD}`),
      basic(`:${KEY}`),
      { "x-api-key": KEY },
      { cookie: `authorization=Bearer ${KEY}` },
      { "proxy-authorization": `Bearer ${KEY}` },
      { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "x-forwarded-host": "localhost" },
      { "x-http-method-override": "GET", "x-original-url": "/healthz", "x-rewrite-url": "/healthz" },
    ];
    for (const headers of wrong) expect((await ingest.send(method, path, { headers })).status).toBe(401);
    expect((await ingest.send(method, `${path}?key=${KEY}&access_token=${KEY}`)).status).toBe(401);
    expect([401, 403]).not.toContain((await ingest.send(method, path, { headers: RIGHT })).status);
  });

  it("the board asks for its own password, on every path and by every method", async () => {
    const paths = [
      "/board",
      "/board/",
      "/board/api/queues",
      "/BOARD/api/queues",
      "/board//api/queues",
      "/board/x/../api/queues",
    ];
    for (const path of [...paths, "/board/static/x.js", "/board/api/queues/tasks/pause", "/board/%61pi/queues"]) {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        for (const headers of [
          {},
          RIGHT,
          basic("admin:wrong"),
          basic(`root:${PASSWORD}`),
          basic(PASSWORD),
          basic("admin:"),
        ]) {
          expect([method, path, (await ask(port, { method, path, headers })).status]).toEqual([method, path, 401]);
        }
      }
    }
    const answer = await ask(port, { path: "/board/api/queues", headers: basic(`admin:${PASSWORD}`) });
    expect(answer.status).toBe(200);
  });

  it("the API's page and description are open, and say nothing that is secret", async () => {
    for (const path of ["/docs", "/docs/start.js", "/openapi.json", "/healthz", "/readyz"]) {
      const answer = await ask(port, { path });
      expect([path, answer.status]).toEqual([path, 200]);
      for (const secret of [KEY, PASSWORD]) expect(answer.text).not.toContain(secret);
    }
  });

  it.each([
    "HEAD",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "PROPFIND",
    "QUERY",
    "M-SEARCH",
  ])("%s is no way around a key", async (method) => {
    for (const { path } of all.filter(({ path }) => path.startsWith("/t") || path.startsWith("/deliveries"))) {
      const { status, text } = await ask(port, { method, path });
      expect([path, REFUSED.includes(status)]).toEqual([path, true]);
      expect(text).not.toContain('"data"');
    }
  });

  it.each([
    ["//tasks", "/tasks//", "/./tasks", "/x/../tasks", "/%2e/tasks", "/x/%2e%2e/tasks", "/..%2ftasks", "/%2ftasks"],
    ["/tasks/", "/TASKS", "/Tasks/", "/%74asks", "/tasks%00", "/tasks%20", "/tasks;x=1", "/tasks%3fx", "/tasks%23"],
    [
      "/tasks\\",
      "/tasks/.",
      "/tasks/..",
      "/tasks/%2e%2e",
      "/healthz/../tasks",
      "/healthz/..%2ftasks",
      "/docs/../tasks",
    ],
    [
      "/docs/..%2f..%2fpackage.json",
      "/docs/%2e%2e/package.json",
      "/docs/../../etc/passwd",
      "/docs/swagger-ui.css/../x",
    ],
    ["http://localhost/tasks", "http://localhost:1/healthz/../tasks", "*", "/tasks#/healthz", "/tasks?/healthz"],
    ["/metrics/", "/METRICS", "//metrics", "/healthz/../metrics", "/targets/", "/Targets", "/deliveries/%2e"],
  ])("spelling a path differently shows nothing without a key: %s, …", async (...paths) => {
    for (const path of paths) {
      const { status, text } = await ask(port, { path });
      expect([path, REFUSED.includes(status)]).toEqual([path, true]);
      expect(text).not.toMatch(/"data"|nextCursor|root:|"dependencies"|hookline_/);
    }
  });

  it("of several Authorization headers the first counts, and they are never joined", async () => {
    const two = (first: string, second: string) =>
      ask(port, { path: "/tasks", lines: [`Authorization: Bearer ${first}`, `Authorization: Bearer ${second}`] });
    expect((await two("wrong-key", KEY)).status).toBe(401);
    expect((await two("", KEY)).status).toBe(401);
    expect((await two(KEY, "wrong-key")).status).toBe(200);
    const folded = await ask(port, { path: "/tasks", headers: { authorization: `Bearer wrong-key, Bearer ${KEY}` } });
    expect(folded.status).toBe(401);
  });

  it.each([
    ["very long", "k".repeat(15_000)],
    ["the right one and more", `${KEY}${"x".repeat(1000)}`],
    ["the right one twice", `${KEY}${KEY}`],
    ["a part of it", KEY.slice(0, -1)],
    ["both, as they are set", `${KEY},other-key`],
    ["in other case", KEY.toUpperCase()],
    ["not ASCII", "sch\u00fcssel"],
    ["bytes that are no UTF-8", "\u00ff\u00fe\u0080"],
    ["with an accent that Unicode would fold away", `right\u00adkey`],
    ["with a tab", `${KEY}\t`.concat("x")],
  ])("a key that is %s is refused, and nothing breaks", async (_, key) => {
    expect((await ask(port, { path: "/tasks", headers: { authorization: `Bearer ${key}` } })).status).toBe(401);
  });

  it("a header of a key that is longer than any head may be is refused before it is read", async () => {
    expect(
      (await ask(port, { path: "/tasks", headers: { authorization: `Bearer ${"k".repeat(20_000)}` } })).status,
    ).toBe(431);
  });

  it("another site's page gets no leave to read or to write: CORS is off", async () => {
    const origin = { origin: "https://evil.example" };
    const asked = {
      ...origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    };
    for (const path of ["/tasks", "/board", "/metrics", "/healthz", "/openapi.json"]) {
      const preflight = await ask(port, { method: "OPTIONS", path, headers: asked });
      const answer = await ask(port, { path, headers: { ...origin, ...RIGHT } });
      for (const { headers } of [preflight, answer]) {
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
      }
    }
  });
});
