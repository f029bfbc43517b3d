import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { EmbeddedRedis } from "@hookline/embedded-redis";
import { waitUntil } from "@hookline/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { haveArrived, ledger } from "./support/ledger.ts";
import { startDurableRedis } from "./support/redis.ts";
import { createLoad, keepPosting, type Load, startScene } from "./support/scene.ts";

const SHUTDOWN_TIMEOUT = 5000;

let redis: EmbeddedRedis;
let stack: Stack;
let load: Load;
let sockets: Socket[];

beforeEach(async () => {
  redis = await startDurableRedis();
  stack = await startScene({ workers: 2, redisUrl: redis.url, env: { SHUTDOWN_TIMEOUT: String(SHUTDOWN_TIMEOUT) } });
  stack.receiver.respond({ status: 200, delayMs: 200 });
  load = createLoad(stack);
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await stack.stop();
  await redis.stop();
});

async function untilArrived(title: string) {
  await waitUntil(() => haveArrived(load.accepted, stack.receiver), { what: "every digest", timeoutMs: 30_000 });
  return ledger(title, load.accepted, stack.receiver);
}

/** A connection that says this much and no more. */
async function say(text: string): Promise<Socket> {
  const socket = connect(Number(stack.env.PORT), "127.0.0.1");
  sockets.push(socket);
  // It is broken off when the process ends.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

const HEAD = "Host: 127.0.0.1\r\nAuthorization: Bearer fault-test-api-key\r\n";

describe("under load", () => {
  it("ingest killed with SIGKILL: every task that was answered 202 is delivered", async () => {
    const posting = keepPosting(load, { everyMs: 5 });
    await waitUntil(() => load.accepted.size >= 150, { what: "150 tasks are accepted", timeoutMs: 30_000 });
    stack.ingest.kill("SIGKILL");
    await stack.ingest.exited;
    await posting.stop();
    expect(await untilArrived("ingest killed")).toMatchObject({ lost: 0, repeated: 0 });
  }, 90_000);

  it("ingest told to stop: nothing is lost or repeated, and slow clients do not hold it", async () => {
    const idle = await say(`GET /healthz HTTP/1.1\r\n${HEAD}\r\n`);
    await once(idle, "data");
    const slow = await say(
      `POST /tasks HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`,
    );
    const dripping = setInterval(() => slow.write(" "), 100);
    const posting = keepPosting(load, { everyMs: 5 });
    await waitUntil(() => load.accepted.size >= 150, { what: "150 tasks are accepted", timeoutMs: 30_000 });
    const startedAt = performance.now();
    stack.ingest.kill("SIGTERM");
    expect(await stack.ingest.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(SHUTDOWN_TIMEOUT);
    clearInterval(dripping);
    await posting.stop();
    expect(await untilArrived("ingest told to stop")).toMatchObject({ lost: 0, repeated: 0 });
  }, 90_000);

  it("a worker told to stop: nothing is lost or repeated", async () => {
    const posting = keepPosting(load, { everyMs: 20 });
    await waitUntil(() => stack.receiver.accepted >= 60, { what: "60 digests", timeoutMs: 30_000 });
    const [worker] = stack.workers;
    const startedAt = performance.now();
    worker?.kill("SIGTERM");
    expect(await worker?.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(SHUTDOWN_TIMEOUT);
    await posting.stop();
    expect(await untilArrived("worker told to stop")).toMatchObject({ lost: 0, repeated: 0 });
  }, 90_000);
});
