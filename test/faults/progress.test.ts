import { startTcpProxy, type TcpProxy, waitUntil } from "@hookline/testing";
import { afterEach, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { expectAlive, probe, toAddress } from "./support/alive.ts";
import { ledger } from "./support/ledger.ts";
import { PAIR, startScene } from "./support/scene.ts";

let stack: Stack;
let proxy: TcpProxy;
afterEach(async () => {
  proxy.thaw();
  await stack.stop();
  await proxy.stop();
});

it("a worker that looks well and takes no jobs turns red, and green again when it does", async () => {
  stack = await startScene({ workers: 0 });
  proxy = await startTcpProxy({ port: Number(new URL(stack.env.REDIS_URL ?? "").port) });
  const worker = await stack.addWorker({ REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
  const address = await toAddress(worker);
  const first = await stack.post(PAIR);
  await stack.untilStatus(first.id, "delivered");
  // Every connection on which jobs are fetched hangs from here on, also those opened anew; its others work.
  const hangs = proxy.hold("lockDuration");
  const second = await stack.post(PAIR);
  await hangs;
  expect(await probe(address)).toMatchObject({ healthz: 200, readyz: 200 });
  const isRed = async () => (await probe(address)).healthz === 503;
  await waitUntil(isRed, { what: "the worker is red", timeoutMs: 45_000, intervalMs: 500 });
  expect(await probe(address)).toMatchObject({ readyz: 200 });
  expect((await stack.task(second.id)).status).not.toBe("delivered");

  proxy.thaw();
  await stack.untilStatus(second.id, "delivered", 30_000);
  const isGreen = async () => (await probe(address)).healthz === 200;
  await waitUntil(isGreen, { what: "the worker is green again" });
  expectAlive(stack);
  expect(ledger("a worker that hung", [first.id, second.id], stack.receiver)).toMatchObject({ lost: 0, repeated: 0 });
}, 120_000);
