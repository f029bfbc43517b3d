import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { waitUntil } from "./wait-until.ts";

let echo: Server;
let heard: string;
let proxy: TcpProxy;
let client: Socket;
let answered: string;

beforeEach(async () => {
  heard = "";
  answered = "";
  echo = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      heard += chunk.toString();
      socket.write(chunk);
    });
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const address = echo.address();
  proxy = await startTcpProxy({ port: typeof address === "object" && address !== null ? address.port : 0 });
  client = connect(proxy.port, "127.0.0.1");
  client.on("error", () => undefined);
  client.on("data", (chunk) => {
    answered += chunk.toString();
  });
  await once(client, "connect");
});

afterEach(async () => {
  client.destroy();
  await proxy.stop();
  echo.close();
  await once(echo, "close");
});

const untilAnswered = (text: string) => waitUntil(() => answered === text, { what: `the answer ${text}` });

describe("a TCP proxy", () => {
  it("carries both directions, in order", async () => {
    for (const word of ["a", "b", "c"]) client.write(word);
    await untilAnswered("abc");
  });

  it("adds its latency to each direction", async () => {
    proxy.latencyMs = 100;
    const startedAt = performance.now();
    client.write("slow");
    await untilAnswered("slow");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
  });

  it("lets nothing through while it is frozen, and all of it afterwards", async () => {
    proxy.freeze();
    client.write("kept");
    const late = connect(proxy.port, "127.0.0.1");
    await once(late, "connect");
    late.write("-late");
    await waitUntil(() => proxy.connections === 2, { what: "the second connection" });
    expect(heard).toBe("");
    proxy.thaw();
    await waitUntil(() => heard.length === 9, { what: "both were heard" });
    late.destroy();
  });

  it("strands open connections without a word, while new ones work", async () => {
    await waitUntil(() => proxy.connections === 1, { what: "the connection" });
    proxy.strand();
    client.write("nowhere");
    const other = connect(proxy.port, "127.0.0.1");
    other.write("other");
    await waitUntil(() => heard === "other", { what: "the new connection" });
    expect([client.destroyed, answered]).toEqual([false, ""]);
    other.destroy();
  });

  it("breaks every connection off when it is cut, and takes new ones", async () => {
    await waitUntil(() => proxy.connections === 1, { what: "the connection" });
    proxy.cut();
    await waitUntil(() => client.destroyed, { what: "the connection is broken off" });
    client = connect(proxy.port, "127.0.0.1");
    client.write("again");
    await waitUntil(() => heard === "again", { what: "the new connection" });
  });

  it("holds a client from the text on that it was told, also when the client is gone", async () => {
    client.write("before");
    await untilAnswered("before");
    const held = proxy.hold("secret");
    client.write("the secret");
    await held;
    client.destroy();
    await waitUntil(() => proxy.connections === 0, { what: "the client is gone" });
    proxy.thaw();
    const other = connect(proxy.port, "127.0.0.1");
    other.write("-other");
    await waitUntil(() => heard === "before-other", { what: "only what was not held" });
    other.destroy();
  });
});
