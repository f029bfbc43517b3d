import { Agent, get } from "node:http";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type HttpServer, listen } from "./http-server.ts";
import { createKeys } from "./keys.ts";

const request = (port: number, agent: Agent): Promise<{ body: string; connection: string | undefined }> =>
  new Promise((resolve, reject) => {
    get({ port, agent, host: "127.0.0.1" }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.once("end", () => resolve({ body, connection: response.headers.connection }));
    }).once("error", reject);
  });

describe("a server", () => {
  const agent = new Agent({ keepAlive: true });
  let server: HttpServer | undefined;
  afterEach(() => agent.destroy());

  it("that is closed answers what is under way, ends kept connections and takes no more", async () => {
    let answer = () => {};
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    server = await listen(
      (incoming, response) => {
        if (incoming.url !== "/") return;
        answer = () => void response.end("done");
        isAsked();
      },
      { port: 0, host: "127.0.0.1" },
    );
    const { port } = server;
    const answered = request(port, agent);
    await asked;
    const closing = server.close();
    answer();
    expect(await answered).toMatchObject({ body: "done" });
    const before = performance.now();
    await closing;
    expect(performance.now() - before).toBeLessThan(1000);
    await expect(request(port, new Agent())).rejects.toThrow("ECONNREFUSED");
  });

  it("ends a connection that is kept open and idle", async () => {
    server = await listen((_incoming, response) => void response.end("ok"), { port: 0, host: "127.0.0.1" });
    await request(server.port, agent);
    const before = performance.now();
    await server.close();
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("says when it cannot have its address", async () => {
    server = await listen((_incoming, response) => void response.end(), { port: 0, host: "127.0.0.1" });
    await expect(listen(() => {}, { port: server.port, host: "127.0.0.1" })).rejects.toThrow("EADDRINUSE");
    await server.close();
  });
});

describe("Redis keys", () => {
  it("all begin with the prefix, so that a Redis Cluster keeps them together, and differ", () => {
    const keys = createKeys("{test}");
    const made = Object.entries(keys).map(([, key]) => (typeof key === "string" ? key : key("a", "b", "c")));
    expect(made.every((key) => key.startsWith("{test}:"))).toBe(true);
    expect(new Set(made).size).toBe(made.length);
  });

  it("do not mix up a caller and an Idempotency-Key", () => {
    const { idempotency } = createKeys("{test}");
    expect(idempotency("a", "b")).not.toBe(idempotency("b", "a"));
    expect(idempotency("a", "b")).not.toContain("a\nb");
  });
});
