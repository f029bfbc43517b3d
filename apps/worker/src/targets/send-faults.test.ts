import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import { parseAllowedNetworks } from "@hookline/project";
import { createCertificate, waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";

import { startTcp, toRequest, webhook } from "../../test/support/targets.ts";
import { createSender, type SendOutcome } from "./send.ts";

const never = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(onRequest: (socket: Socket) => void) {
  const server = await startTcp((socket) => socket.once("data", () => onRequest(socket)));
  closers.push(server.stop);
  return server;
}

function send(url: string, { timeoutMs = 5000, signal = never } = {}): Promise<SendOutcome> {
  const sender = createSender({ requestPolicy: parseAllowedNetworks("127.0.0.0/8") });
  closers.push(sender.close);
  const target = webhook(url, { timeoutMs });
  return sender.send(target, toRequest(target), signal);
}

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";

/** Calls `write` every 20 ms until the socket is closed. */
function drip(socket: Socket, write: () => void): void {
  const timer = setInterval(write, 20);
  socket.on("close", () => clearInterval(timer));
}

async function expectTimeout(url: string): Promise<void> {
  const startedAt = performance.now();
  await expect(send(url, { timeoutMs: 300 })).resolves.toEqual({
    kind: "failed",
    code: "target_unreachable",
    detail: "the target did not answer within 300 ms",
    answer: undefined,
  });
  expect(performance.now() - startedAt).toBeLessThan(2000);
}

describe("a target's time is over", () => {
  it("when it takes the request and says nothing", async () => {
    await expectTimeout((await serve(() => undefined)).url);
  });

  it("when it hangs in the middle of its headers", async () => {
    await expectTimeout((await serve((socket) => socket.write(HEAD))).url);
  });

  it("when its headers never end", async () => {
    const server = await serve((socket) => {
      socket.write(HEAD);
      drip(socket, () => socket.write("x: y\r\n"));
    });
    await expectTimeout(server.url);
  });

  it("when its body comes a byte at a time", async () => {
    const server = await serve((socket) => {
      socket.write(`${HEAD}content-length: 100000\r\n\r\n`);
      drip(socket, () => socket.write("x"));
    });
    await expectTimeout(server.url);
  });

  it("when it hangs in the TLS handshake", async () => {
    const server = await startTcp();
    closers.push(server.stop);
    await expectTimeout(server.url.replace("http:", "https:"));
  });

  it("when it only ever says that it will go on", async () => {
    const server = await serve((socket) => drip(socket, () => socket.write("HTTP/1.1 102 Processing\r\n\r\n")));
    await expectTimeout(server.url);
  });
});

describe("a target is unreachable", () => {
  it.each([
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["closes without an answer", (socket: Socket) => socket.end()],
    ["closes in the middle of its body", (socket: Socket) => socket.end(`${HEAD}content-length: 10\r\n\r\nabc`)],
    ["does not speak HTTP", (socket: Socket) => socket.end("220 mail.example ESMTP\r\n")],
    ["sends headers without end", (socket: Socket) => socket.write(`${HEAD}x: ${"y".repeat(40_000)}\r\n`)],
  ])("when it %s", async (_, onRequest) => {
    const server = await serve(onRequest);
    await expect(send(server.url)).resolves.toMatchObject({ kind: "failed", code: "target_unreachable" });
  });

  it("when its certificate is its own", async () => {
    let requests = 0;
    const server = createHttpsServer(createCertificate(), (_request, response) => {
      requests += 1;
      response.end("ok");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as { port: number };
    const outcome = await send(`https://127.0.0.1:${port}/`);
    expect(outcome).toMatchObject({ kind: "failed", code: "target_unreachable" });
    expect((outcome as { detail: string }).detail).toMatch(/self-signed|DEPTH_ZERO/i);
    expect(requests).toBe(0);
  });
});

describe("an answer", () => {
  it("of 100 MB is cut off, without growing the memory", async () => {
    let isClosed = false;
    let sent = 0;
    const chunk = Buffer.alloc(65_536, "a");
    const server = await serve((socket) => {
      socket.on("close", () => {
        isClosed = true;
      });
      socket.write(`${HEAD}content-length: 104857600\r\n\r\n`);
      const pump = () => {
        while (sent < 104_857_600 && !socket.destroyed) {
          sent += chunk.length;
          if (!socket.write(chunk)) return void socket.once("drain", pump);
        }
      };
      pump();
    });
    const before = process.memoryUsage().rss;
    const outcome = await send(server.url);
    expect(outcome).toMatchObject({ kind: "delivered", answer: { status: 200, isTruncated: true } });
    expect((outcome as { answer: { body: string } }).answer.body).toHaveLength(16_384);
    await waitUntil(() => isClosed, { what: "the connection is closed" });
    expect(sent).toBeLessThan(20_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it("that is no UTF-8 is shown with replacement characters", async () => {
    const server = await serve((socket) => {
      socket.write(`${HEAD}connection: close\r\n\r\n`);
      socket.end(Buffer.from([0x6f, 0x6b, 0xff, 0xfe, 0x00, 0xc3]));
    });
    await expect(send(server.url)).resolves.toMatchObject({
      kind: "delivered",
      answer: { body: "ok\ufffd\ufffd\u0000\ufffd", isTruncated: false },
    });
  });
});

describe("the caller's abort", () => {
  it("is thrown while the target is silent, and closes the connection", async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const sending = send(server.url, { signal: controller.signal });
    const aborted = expect(sending).rejects.toBeDefined();
    await waitUntil(() => server.connections() === 1, { what: "the connection" });
    controller.abort("shutdown");
    await aborted;
  });

  it("is thrown in the middle of a body", async () => {
    const server = await serve((socket) => socket.write(`${HEAD}content-length: 10\r\n\r\nabc`));
    const controller = new AbortController();
    const sending = send(server.url, { signal: controller.signal });
    const aborted = expect(sending).rejects.toBeDefined();
    await waitUntil(() => server.connections() === 1, { what: "the connection" });
    controller.abort("shutdown");
    await aborted;
  });

  it("before the request sends nothing", async () => {
    let requests = 0;
    const server = await serve(() => {
      requests += 1;
    });
    await expect(send(server.url, { signal: AbortSignal.abort("shutdown") })).rejects.toBeDefined();
    expect(requests).toBe(0);
  });
});
