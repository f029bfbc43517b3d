import { afterEach, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { type Receiver, startReceiver } from "./receiver.ts";

const SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
let receiver: Receiver;

afterEach(() => receiver.stop());

function post(body: string, headers: Record<string, string> = {}, path = "/"): Promise<Response> {
  const all = { "content-type": "application/json", ...headers };
  return fetch(`${receiver.url}${path}`, { method: "POST", headers: all, body });
}

function toSigned(id: string, body: string): Record<string, string> {
  const at = new Date();
  const signature = new Webhook(SECRET).sign(id, at, body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
}

test("it records what it gets and answers 200 ok", async () => {
  receiver = await startReceiver();
  const response = await post('{"a":1}', { "x-extra": "yes" }, "/hook?x=1");
  expect([response.status, await response.text()]).toEqual([200, "ok"]);
  expect(receiver.requests[0]).toMatchObject({
    method: "POST",
    path: "/hook?x=1",
    json: { a: 1 },
    verified: null,
    status: 200,
  });
  expect(receiver.requests[0]?.headers["x-extra"]).toBe("yes");
  expect(receiver.requests[0]?.rawBody.toString()).toBe('{"a":1}');
});

test("signatures are verified over the raw body, with any of the secrets", async () => {
  receiver = await startReceiver({ secret: [`whsec_${Buffer.alloc(24, 9).toString("base64")}`, SECRET] });
  expect((await post('{"a": 1}', toSigned("msg_1", '{"a": 1}'))).status).toBe(200);
  expect((await post('{"a":1}', toSigned("msg_2", '{"a": 1}'))).status).toBe(401);
  expect((await post('{"a": 1}')).status).toBe(401);
  expect(receiver.requests.map(({ verified }) => verified)).toEqual([true, false, false]);
  expect(receiver.requests[1]?.verifyError).toMatch(/signature/);
  expect([receiver.received, receiver.accepted]).toEqual([3, 1]);
});

test("only POST, only JSON, at most 20 MB", async () => {
  receiver = await startReceiver();
  expect((await fetch(receiver.url)).status).toBe(405);
  expect((await post("x", { "content-type": "text/plain" })).status).toBe(415);
  expect((await post("x".repeat(20 * 1024 * 1024 + 1))).status).toBe(413);
  expect(receiver.accepted).toBe(0);
});

test("behaviours are chosen by path, index and request", async () => {
  receiver = await startReceiver();
  receiver.respond((request, index) =>
    index === 0 ? { status: 429, headers: { "retry-after": "2" } } : { body: request.path },
  );
  receiver.respondOnPath("/gone", { status: 410 });
  const limited = await post("{}");
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "2"]);
  expect((await post("{}", {}, "/gone?x")).status).toBe(410);
  expect(await (await post("{}", {}, "/else")).text()).toBe("/else");
  receiver.respond({ reset: true });
  await expect(post("{}")).rejects.toThrow();
  expect(receiver.requests.map(({ status }) => status)).toEqual([429, 410, 200, 0]);
  receiver.reset();
  expect((await post("{}", {}, "/gone")).status).toBe(200);
});

test("repeats are counted by webhook-id", async () => {
  receiver = await startReceiver();
  for (const id of ["a", "b", "a", "a"]) await post("{}", { "webhook-id": id });
  await post("{}");
  expect(receiver.repeated()).toBe(1);
  expect(receiver.byWebhookId().get("a")).toHaveLength(3);
});

test("waiting resolves with the matching requests, or says how many came", async () => {
  receiver = await startReceiver();
  receiver.respond({ delayMs: 30 });
  const answers = [post("{}", {}, "/a"), post("{}", {}, "/b")];
  expect(await receiver.waitFor(1, 2_000, ({ path }) => path === "/b")).toHaveLength(1);
  await expect(receiver.waitFor(3, 30)).rejects.toThrow(/3 requests.*2 came/);
  await Promise.all(answers);
  expect(receiver.maxConcurrent).toBe(2);
});

test("stopping closes a hanging request at once", async () => {
  receiver = await startReceiver();
  receiver.respond({ hang: true });
  const outcome = expect(post("{}")).rejects.toThrow();
  await receiver.waitFor(1);
  await receiver.stop();
  await outcome;
});
