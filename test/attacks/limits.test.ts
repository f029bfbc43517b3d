import { randomBytes } from "node:crypto";
import { type HttpServer, listen } from "@hookline/runtime";
import { waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { path as inboxPath, LETO, project } from "../../apps/ingest/test/support/basecamp.ts";
import {
  newPrefix,
  startTestIngest,
  type TestIngest,
  type TestIngestOptions,
} from "../../apps/ingest/test/support/ingest.ts";
import { exchange, open, toStatuses } from "./support/raw.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(env: Record<string, string>, more: Omit<TestIngestOptions, "env"> = {}): Promise<TestIngest> {
  const ingest = await startTestIngest({ env, ...more });
  closers.push(() => ingest.stop());
  return ingest;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const from = (address: string) => ({ "x-forwarded-for": address });
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
const guess = () => bearer(randomBytes(8).toString("hex"));
const TOO_MANY = { status: 429, body: { type: "urn:hookline:problem:too_many_requests", code: 429 } };

describe("a rate limit", () => {
  it("answers 429 with Retry-After past it, and lets in again when its window is over", async () => {
    const ingest = await start({ RATE_LIMIT_REQUESTS: "3", RATE_LIMIT_WINDOW: "1500" });
    const ask = () => ingest.send("GET", "/tasks");
    const first = await ask();
    expect(first.status).toBe(200);
    expect(first.headers.ratelimit).toMatch(/"requests"; r=2; t=\d/);
    expect(first.headers["ratelimit-policy"]).toMatch(/"requests"; q=3; w=/);
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect(refused).toMatchObject(TOO_MANY);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(2);
    await waitUntil(async () => (await ask()).status === 200, { what: "it is let in again", timeoutMs: 5000 });
  });

  it("is one for all replicas, and queues nothing past it", async () => {
    const env = { RATE_LIMIT_REQUESTS: "4", QUEUE_PREFIX: newPrefix() };
    const replicas = [await start(env), await start(env)];
    const body = (n: number) => ({ username: "octocat", repository: `r${n}` });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const answer = await replicas[n % 2]?.send("POST", "/tasks", { body: body(n) });
      statuses.push(answer?.status ?? 0);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 429, 429, 429, 429]);
    expect(await replicas[0]?.queued()).toEqual({ tasks: 4, index: 4 });
  });

  it("counts each key by itself, and keeps no key in Redis", async () => {
    const ingest = await start({ RATE_LIMIT_REQUESTS: "2", API_KEYS: "first-secret-key,second-secret-key" });
    const ask = (key: string) => ingest.send("GET", "/tasks", { headers: bearer(key) });
    for (const expected of [200, 200, 429]) expect((await ask("first-secret-key")).status).toBe(expected);
    expect((await ask("second-secret-key")).status).toBe(200);
    expect((await ask("no-key")).status).toBe(401);
    const keys = await ingest.deps.redis.keys(`${ingest.prefix}:requests:*`);
    expect(keys).toHaveLength(2);
    expect(keys.join("\n")).toMatch(/:key:[0-9a-f]{64}$/);
    expect(keys.join("\n")).not.toContain("secret-key");
    for (const key of keys) expect(await ingest.deps.redis.pttl(key)).toBeGreaterThan(0);
  });

  it("is not evaded by keys that nobody asks for, or by X-Forwarded-For of strangers", async () => {
    const ingest = await start({ RATE_LIMIT_REQUESTS: "2" });
    const ask = (n: number) => ingest.send("GET", "/tasks", { headers: { ...guess(), ...from(`10.0.0.${n}`) } });
    expect([(await ask(1)).status, (await ask(2)).status, (await ask(3)).status]).toEqual([200, 200, 429]);
  });

  it("counts by the address that a trusted proxy tells", async () => {
    for (const TRUST_PROXY of ["1", "127.0.0.0/8", "loopback"]) {
      const ingest = await start({ RATE_LIMIT_REQUESTS: "1", TRUST_PROXY });
      const ask = (address: string) => ingest.send("GET", "/tasks", { headers: from(address) });
      const statuses = [(await ask("10.0.0.1")).status, (await ask("10.0.0.1")).status, (await ask("10.0.0.2")).status];
      expect(statuses).toEqual([200, 429, 200]);
      // What a client writes itself stands before what the proxy adds.
      expect((await ask("10.9.9.9, 10.0.0.1")).status).toBe(429);
      expect([(await ask("2001:db8::1")).status, (await ask("2001:db8::2")).status]).toEqual([200, 429]);
    }
  });

  it("never holds up probes and scrapes", async () => {
    const ingest = await start({ RATE_LIMIT_REQUESTS: "1" });
    for (let n = 0; n < 3; n += 1) {
      for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"]) {
        expect((await ingest.send("GET", path)).status).toBe(200);
      }
    }
  });

  it("is 503 at once with Redis away, like every other answer", async () => {
    const ingest = await start({ RATE_LIMIT_REQUESTS: "1", REDIS_URL: "redis://127.0.0.1:1" });
    const before = performance.now();
    expect((await ingest.send("GET", "/tasks")).status).toBe(503);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("goes on when Redis has forgotten its scripts", async () => {
    const ingest = await start({ RATE_LIMIT_REQUESTS: "2" });
    const ask = async () => (await ingest.send("GET", "/tasks")).status;
    expect(await ask()).toBe(200);
    await ingest.deps.redis.call("SCRIPT", "FLUSH");
    expect([await ask(), await ask()]).toEqual([200, 429]);
  });
});

describe("guessing", () => {
  const API_KEYS = "a-right-key,another-right-key";

  it("of keys is answered 429 after 20 different ones a minute, whatever comes then", async () => {
    const ingest = await start({ API_KEYS });
    const ask = (headers: Record<string, string>) => ingest.send("GET", "/tasks", { headers });
    for (let n = 0; n < 20; n += 1) expect((await ask(guess())).status).toBe(401);
    const refused = await ask(guess());
    expect(refused).toMatchObject(TOO_MANY);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
    expect(Number(refused.headers["retry-after"])).toBeLessThanOrEqual(60);
    // The right one is not told from others: else guessing would go on.
    expect((await ask(bearer("a-right-key"))).status).toBe(429);
    expect((await ask({})).status).toBe(401);
    expect((await ingest.send("GET", "/healthz")).status).toBe(200);
  });

  it("does not shut out who came in from that address before", async () => {
    const ingest = await start({ API_KEYS });
    const ask = async (headers: Record<string, string>) => (await ingest.send("GET", "/tasks", { headers })).status;
    expect(await ask(bearer("a-right-key"))).toBe(200);
    for (let n = 0; n < 20; n += 1) await ask(guess());
    expect([await ask(bearer("a-right-key")), await ask(bearer("another-right-key")), await ask(guess())]).toEqual([
      200, 429, 429,
    ]);
  });

  it("is counted by address, which a trusted proxy tells", async () => {
    const ingest = await start({ API_KEYS, TRUST_PROXY: "1", AUTH_FAILURE_LIMIT: "2" });
    const ask = async (address: string, headers = guess()) =>
      (await ingest.send("GET", "/tasks", { headers: { ...headers, ...from(address) } })).status;
    expect([await ask("10.0.0.1"), await ask("10.0.0.1"), await ask("10.0.0.1")]).toEqual([401, 401, 429]);
    expect([await ask("10.0.0.2"), await ask("10.0.0.2", bearer("a-right-key"))]).toEqual([401, 200]);
    expect([await ask("2001:db8::1"), await ask("2001:db8::2"), await ask("2001:db8::3")]).toEqual([401, 401, 429]);
  });

  it("of the board's password and of inbox tokens counts too", async () => {
    const ingest = await start({ BOARD_PASSWORD: "pass", AUTH_FAILURE_LIMIT: "3" }, { project });
    const board = (headers: Record<string, string>) => ingest.send("GET", "/board/api/queues", { headers });
    expect((await board({})).status).toBe(401);
    expect((await board(basic("admin:one"))).status).toBe(401);
    expect((await board(basic("admin:two"))).status).toBe(401);
    expect((await ingest.send("POST", inboxPath("guessed-token"), { body: {} })).status).toBe(404);
    expect(await board(basic("admin:pass"))).toMatchObject(TOO_MANY);
    expect(await ingest.send("POST", inboxPath(LETO), { body: {} })).toMatchObject(TOO_MANY);
  });

  it("is not what a client does that repeats its old key", async () => {
    const ingest = await start({ API_KEYS, AUTH_FAILURE_LIMIT: "3" });
    for (let n = 0; n < 10; n += 1) {
      expect((await ingest.send("GET", "/tasks", { headers: bearer("the-old-key") })).status).toBe(401);
    }
    expect((await ingest.send("GET", "/tasks", { headers: bearer("a-right-key") })).status).toBe(200);
  });

  it("is unlimited when that is set", async () => {
    const ingest = await start({ API_KEYS, AUTH_FAILURE_LIMIT: "0" });
    for (let n = 0; n < 50; n += 1) {
      expect((await ingest.send("GET", "/tasks", { headers: guess() })).status).toBe(401);
    }
  });
});

describe("connections", () => {
  const REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  async function startServer(limits: { total?: number; perClient?: number; isProxy?: boolean }) {
    const refused: string[] = [];
    const server: HttpServer = await listen((_request, response) => void response.end("ok"), {
      port: 0,
      host: "127.0.0.1",
      connections: {
        total: limits.total ?? 0,
        perClient: limits.perClient ?? 0,
        isProxy: () => limits.isProxy === true,
        onRefused: (reason, client) => void refused.push(`${reason} ${client}`),
      },
    });
    closers.push(() => server.close());
    return { port: server.port, refused };
  }

  /** Opens as many, says which are still open after one of the first was asked to answer. */
  async function hold(port: number, count: number) {
    const sockets = Array.from({ length: count }, () => open(port));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
    });
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
    return sockets;
  }

  it.each([
    ["from one address", { perClient: 5 }, "client 127.0.0.1"],
    ["in all", { total: 5 }, "total 127.0.0.1"],
  ])("past the limit %s are dropped, and taken again when others have gone", async (_, limits, told) => {
    const { port, refused } = await startServer(limits);
    const sockets = await hold(port, 5);
    await waitUntil(async () => (await exchange(port, REQUEST, 1000)).received === "", {
      what: "the sixth is dropped",
    });
    sockets[0]?.destroy();
    await waitUntil(async () => toStatuses((await exchange(port, REQUEST, 1000)).received)[0] === 200, {
      what: "there is room again",
    });
    expect(refused).toEqual([told]);
  });

  it("of a trusted proxy, behind which there are many clients, are not counted as one client's", async () => {
    const { port, refused } = await startServer({ perClient: 2, isProxy: true });
    await hold(port, 6);
    expect(toStatuses((await exchange(port, REQUEST, 1000)).received)).toEqual([200]);
    expect(refused).toEqual([]);
  });
});
