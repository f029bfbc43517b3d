import { createServer } from "node:http";
import { type HttpServer, listen, MOST_HEADERS, MOST_PIPELINED, TIMEOUTS } from "@hookline/runtime";
import { spawnNode, waitUntil } from "@hookline/testing";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startTestIngest, type TestIngest } from "../../apps/ingest/test/support/ingest.ts";
import { exchange, open, toStatuses } from "./support/raw.ts";

const BODY = '{"username":"octocat","repository":"smuggled"}';
const HOST = "Host: localhost\r\n";
const JSON_TYPE = "Content-Type: application/json\r\n";
const LENGTH = `Content-Length: ${BODY.length}\r\n`;
const CHUNKED = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const NEXT = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`;
const post = (fields: string, body: string) => `POST /tasks HTTP/1.1\r\n${HOST}${JSON_TYPE}${fields}\r\n${body}`;

/** What two servers in a row may read differently: a proxy one request, we another one inside of it. */
const smuggled: Readonly<Record<string, string>> = {
  "Content-Length and Transfer-Encoding": post(`${LENGTH}Transfer-Encoding: chunked\r\n`, CHUNKED + NEXT),
  "Transfer-Encoding and Content-Length": post(`Transfer-Encoding: chunked\r\n${LENGTH}`, CHUNKED + NEXT),
  "two Content-Lengths": post(`${LENGTH}Content-Length: 0\r\n`, BODY + NEXT),
  "two equal Content-Lengths": post(LENGTH + LENGTH, BODY + NEXT),
  "a list of Content-Lengths": post(`Content-Length: ${BODY.length}, ${BODY.length}\r\n`, BODY + NEXT),
  "a signed Content-Length": post(`Content-Length: +${BODY.length}\r\n`, BODY + NEXT),
  "a negative Content-Length": post("Content-Length: -1\r\n", BODY + NEXT),
  "a hexadecimal Content-Length": post("Content-Length: 0x2e\r\n", BODY + NEXT),
  "a Content-Length with a blank inside": post("Content-Length: 4 6\r\n", BODY + NEXT),
  "a huge Content-Length": post("Content-Length: 99999999999999999999\r\n", BODY + NEXT),
  "Transfer-Encoding: xchunked": post("Transfer-Encoding: xchunked\r\n", CHUNKED + NEXT),
  "Transfer-Encoding: chunked, identity": post("Transfer-Encoding: chunked, identity\r\n", CHUNKED + NEXT),
  "Transfer-Encoding: identity beside a length": post(`Transfer-Encoding: identity\r\n${LENGTH}`, BODY + NEXT),
  "a quoted Transfer-Encoding": post('Transfer-Encoding: "chunked"\r\n', CHUNKED + NEXT),
  "a blank before the colon": post("Transfer-Encoding : chunked\r\n", CHUNKED + NEXT),
  "a tab before the colon": post("Transfer-Encoding\t: chunked\r\n", CHUNKED + NEXT),
  "a vertical tab in the value": post("Transfer-Encoding: \x0bchunked\r\n", CHUNKED + NEXT),
  "a folded header": post("Transfer-Encoding:\r\n chunked\r\n", CHUNKED + NEXT),
  "a folded header at the head's begin": `POST /tasks HTTP/1.1\r\n ${HOST}${LENGTH}\r\n${BODY}`,
  "bare line feeds": post(LENGTH, BODY).replaceAll("\r\n", "\n"),
  "one bare line feed": post(`X-A: b\nTransfer-Encoding: chunked\r\n`, CHUNKED + NEXT),
  "a bare carriage return": post(`X-A: b\rTransfer-Encoding: chunked\r\n`, CHUNKED + NEXT),
  "NUL in a value": post(`X-A: b\0c\r\n${LENGTH}`, BODY),
  "NUL in a name": post(`X-\0A: b\r\n${LENGTH}`, BODY),
  "no name": post(`: b\r\n${LENGTH}`, BODY),
  "a name that is no token": post(`X(A): b\r\n${LENGTH}`, BODY),
  "a chunk's size that is no number": post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"),
  "a chunk's size with a sign": post("Transfer-Encoding: chunked\r\n", `+${CHUNKED}`),
  "a chunk's size with 0x": post("Transfer-Encoding: chunked\r\n", `0x${CHUNKED}`),
  "a chunk longer than it says": post("Transfer-Encoding: chunked\r\n", `3\r\n${BODY}\r\n0\r\n\r\n`),
  "a chunk ended by a line feed": post("Transfer-Encoding: chunked\r\n", CHUNKED.replaceAll("\r\n", "\n")),
  "a chunk's huge size": post("Transfer-Encoding: chunked\r\n", `fffffffffffffffff\r\n${BODY}`),
  "no Host": `POST /tasks HTTP/1.1\r\n${JSON_TYPE}${LENGTH}\r\n${BODY}`,
  "HTTP/0.9": "GET /tasks\r\n\r\n",
  "HTTP/1.2": `GET /tasks HTTP/1.2\r\n${HOST}\r\n`,
  "HTTP/2's preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a method that is none": `GE\0T /tasks HTTP/1.1\r\n${HOST}\r\n`,
  "blanks in the target": `GET /tasks x HTTP/1.1\r\n${HOST}\r\n`,
};

describe("a request that two servers could read differently", () => {
  let ingest: TestIngest;
  let port: number;
  beforeAll(async () => {
    ingest = await startTestIngest();
    port = Number(new URL(ingest.address).port);
  });
  afterAll(() => ingest.stop());

  it.each(Object.keys(smuggled))("%s: 400, the connection is closed, nothing is queued", async (name) => {
    const { received, isClosed } = await exchange(port, smuggled[name] ?? "", 2000);
    const statuses = toStatuses(received);
    // The head may have been read when the body turns out to be broken: then there is one answer, and no more.
    expect([name, isClosed, statuses.filter((status) => status < 400 || status >= 500)]).toEqual([name, true, []]);
    expect(statuses.length).toBeLessThanOrEqual(1);
    expect(await ingest.queued()).toEqual({ tasks: 0, index: 0 });
  });

  it("that is sent properly is accepted, by length and by chunks", async () => {
    const close = "Connection: close\r\n";
    for (const sent of [post(LENGTH + close, BODY), post(`Transfer-Encoding: chunked\r\n${close}`, CHUNKED)]) {
      expect(toStatuses((await exchange(port, sent)).received)).toEqual([202]);
    }
  });

  it("more than 16 KiB of head, or 100 fields, are answered 431", async () => {
    const head = (fields: string) =>
      exchange(port, `GET /healthz HTTP/1.1\r\n${HOST}${fields}Connection: close\r\n\r\n`);
    const many = (count: number) => Array.from({ length: count }, (_, n) => `x-${n}: 1\r\n`).join("");
    expect(toStatuses((await head(`x-a: ${"a".repeat(15_000)}\r\n`)).received)).toEqual([200]);
    expect(toStatuses((await head(`x-a: ${"a".repeat(16_400)}\r\n`)).received)).toEqual([431]);
    expect(toStatuses((await head(`${"x".repeat(16_400)}: a\r\n`)).received)).toEqual([431]);
    expect(toStatuses((await head(many(MOST_HEADERS - 2))).received)).toEqual([200]);
    expect(toStatuses((await head(many(MOST_HEADERS))).received)).toEqual([431]);
    const target = `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`;
    expect(toStatuses((await exchange(port, target)).received)).toEqual([431]);
  });

  it("an upgrade, a CONNECT or an expectation gets no more than an answer", async () => {
    const upgrade = `GET /tasks HTTP/1.1\r\n${HOST}Connection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n`;
    expect(toStatuses((await exchange(port, upgrade, 1000)).received)).toEqual([200]);
    const tunnel = await exchange(port, `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${HOST}\r\n`, 1000);
    expect([tunnel.isClosed, tunnel.received]).toEqual([true, ""]);
    const expecting = post(`${LENGTH}Expect: 200-maybe\r\nConnection: close\r\n`, BODY);
    expect(toStatuses((await exchange(port, expecting, 1000)).received)).toEqual([417]);
  });
});

describe("a client that takes its time", () => {
  const impatient = {
    headersTimeout: 300,
    requestTimeout: 600,
    timeout: 500,
    keepAliveTimeout: 300,
    connectionsCheckingInterval: 50,
  };
  let server: HttpServer;
  let isLargeClosed = () => {};
  const largeClosed = new Promise<void>((resolve) => {
    isLargeClosed = resolve;
  });
  beforeAll(async () => {
    const endless = Buffer.alloc(64 * 1024 * 1024);
    const listener = createServer((request, response) => {
      request.resume();
      if (request.url === "/large") response.once("close", isLargeClosed).end(endless);
      else request.once("end", () => response.end("ok"));
    });
    server = await listen((request, response) => void listener.emit("request", request, response), {
      port: 0,
      host: "127.0.0.1",
      timeouts: impatient,
    });
  });
  afterAll(() => server.close());

  /** Writes one byte every now and then, as slow-loris does, until it is cut off. */
  async function drip(start: string, byte: string): Promise<{ received: string; durationMs: number }> {
    const socket = open(server.port);
    const before = performance.now();
    let received = "";
    socket.on("data", (text: string) => {
      received += text;
    });
    socket.write(start);
    const timer = setInterval(() => socket.write(byte), 40);
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(timer);
    return { received, durationMs: performance.now() - before };
  }

  it("over the head of a request is cut off with 408", async () => {
    const { received, durationMs } = await drip(`GET / HTTP/1.1\r\n${HOST}x-a: `, "a");
    expect(toStatuses(received)).toEqual([408]);
    expect(durationMs).toBeLessThan(3000);
  });

  it("over a body is cut off with 408, by length and by chunks", async () => {
    for (const [start, byte] of [
      [`POST / HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n`, "a"],
      [`POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`, "1\r\na\r\n"],
    ]) {
      const { received, durationMs } = await drip(start ?? "", byte ?? "");
      expect(toStatuses(received)).toEqual([408]);
      expect(durationMs).toBeLessThan(3000);
    }
  });

  it("over reading its answer is cut off", async () => {
    const socket = open(server.port);
    socket.pause();
    socket.write(`GET /large HTTP/1.1\r\n${HOST}\r\n`);
    await largeClosed;
    socket.destroy();
  });

  it("before it says anything at all, or between two requests, is let go", async () => {
    expect(await exchange(server.port, "", 3000)).toMatchObject({ isClosed: true });
    const kept = await exchange(server.port, `GET / HTTP/1.1\r\n${HOST}\r\n`, 5000);
    expect([kept.isClosed, toStatuses(kept.received)]).toEqual([true, [200]]);
  });

  it("has no more than this", () => {
    expect(TIMEOUTS).toEqual({
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000,
      timeout: 60_000,
      connectionsCheckingInterval: 1000,
    });
  });
});

describe("a client that sends requests on and on without waiting for answers", () => {
  it("may have 32 of them waiting; past that its connection is cut", async () => {
    const pending: (() => void)[] = [];
    const server = await listen((_request, response) => void pending.push(() => response.end("ok")), {
      port: 0,
      host: "127.0.0.1",
    });
    const socket = open(server.port);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const request = `GET / HTTP/1.1\r\n${HOST}\r\n`;
    socket.write(request.repeat(1 + MOST_PIPELINED));
    await waitUntil(() => pending.length === 1 + MOST_PIPELINED, { what: "all that may wait are taken" });
    socket.write(request);
    await closed;
    expect(pending.length).toBe(1 + MOST_PIPELINED);
    for (const answer of pending) answer();
    await server.close();
  });

  it("and waits in between may go on for ever", async () => {
    const server = await listen((_request, response) => void response.end("ok"), { port: 0, host: "127.0.0.1" });
    const request = `GET / HTTP/1.1\r\n${HOST}\r\n`;
    const socket = open(server.port);
    let received = "";
    socket.on("data", (text: string) => {
      received += text;
    });
    for (let round = 1; round <= 20; round += 1) {
      socket.write(request.repeat(10));
      await waitUntil(() => toStatuses(received).length === round * 10, { what: "they are answered" });
    }
    socket.destroy();
    await server.close();
  });
});

it("NODE_OPTIONS cannot make the parser lenient", async () => {
  const code = `
    const { listen } = await import("@hookline/runtime");
    const server = await listen((request, response) => response.end("ok"), { port: 0, host: "127.0.0.1" });
    console.log("port " + server.port);`;
  const child = spawnNode({
    args: ["--insecure-http-parser", "--max-http-header-size=65536", "--input-type=module", "-e", code],
    cwd: process.cwd(),
  });
  try {
    const [, port] = await child.waitForLine(/port (\d+)/);
    const both = `GET / HTTP/1.1\r\n${HOST}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect(toStatuses((await exchange(Number(port), both)).received)).toEqual([400]);
    const long = `GET / HTTP/1.1\r\n${HOST}x-a: ${"a".repeat(20_000)}\r\n\r\n`;
    expect(toStatuses((await exchange(Number(port), long)).received)).toEqual([431]);
  } finally {
    await child.stop();
  }
});
