import { parseAllowedNetworks } from "@hookline/project";
import { type Receiver, startReceiver } from "@hookline/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { toRequest, webhook } from "../../test/support/targets.ts";
import { createSender, type Sender, type SendOutcome } from "./send.ts";

const never = new AbortController().signal;
let receiver: Receiver;
let sender: Sender;

beforeAll(async () => {
  receiver = await startReceiver();
  sender = createSender({ requestPolicy: parseAllowedNetworks("127.0.0.1") });
});
afterAll(() => Promise.all([sender.close(), receiver.stop()]));
afterEach(() => receiver.reset());

function send(path = "/hook", body = "{}"): Promise<SendOutcome> {
  const target = webhook(receiver.url + path);
  return sender.send(target, toRequest(target, body), never);
}

describe("what a target answers decides", () => {
  it.each([200, 201, 202, 204, 226, 299])("%i is delivered", async (status) => {
    receiver.respond({ status });
    await expect(send()).resolves.toMatchObject({ kind: "delivered", answer: { status } });
  });

  it.each([300, 301, 302, 303, 304, 307, 308])("%i is a failure, and not followed", async (status) => {
    receiver.respond({ status, headers: { location: `${receiver.url}/elsewhere` } });
    await expect(send()).resolves.toMatchObject({ kind: "failed", code: "target_refused", answer: { status } });
    expect(receiver.requests.map(({ path }) => path)).toEqual(["/hook"]);
  });

  it.each([
    400, 401, 403, 404, 409, 418, 422, 429, 451, 499, 500, 502, 503, 504, 599,
  ])("%i is a failure", async (status) => {
    receiver.respond({ status });
    await expect(send()).resolves.toMatchObject({
      kind: "failed",
      code: "target_refused",
      detail: `the target answered ${status}`,
      answer: { status },
    });
  });

  it("410 says that the target is gone", async () => {
    receiver.respond({ status: 410, body: "bye" });
    await expect(send()).resolves.toMatchObject({ kind: "gone", answer: { status: 410, body: "bye" } });
  });

  it.each([429, 503])("%i with Retry-After in seconds says when to come back", async (status) => {
    receiver.respond({ status, headers: { "retry-after": "7" } });
    await expect(send()).resolves.toMatchObject({ kind: "retry_later", waitMs: 7000, answer: { status } });
  });

  it.each([429, 503])("%i with Retry-After as a date says when to come back", async (status) => {
    receiver.respond({ status, headers: { "retry-after": new Date(Date.now() + 90_000).toUTCString() } });
    const outcome = await send();
    expect(outcome.kind).toBe("retry_later");
    const { waitMs } = outcome as { waitMs: number };
    expect(waitMs).toBeGreaterThan(85_000);
    expect(waitMs).toBeLessThanOrEqual(90_000);
  });

  it.each([-1, 1])("a target whose clock is %i day off is waited for as long as it means", async (days) => {
    const theirs = Date.now() + days * 86_400_000;
    const headers = { date: new Date(theirs).toUTCString(), "retry-after": new Date(theirs + 90_000).toUTCString() };
    receiver.respond({ status: 429, headers });
    const { waitMs } = (await send()) as { waitMs: number };
    expect(waitMs).toBeGreaterThan(85_000);
    expect(waitMs).toBeLessThanOrEqual(91_000);
  });

  it.each(["", "soon", "-5", "1e9", "2026"])("429 with the unreadable Retry-After %j", async (value) => {
    receiver.respond({ status: 429, headers: { "retry-after": value } });
    const { kind } = await send();
    expect(kind).toBe(value === "2026" ? "retry_later" : "failed");
  });

  it.each([500, 502, 504])("%i with Retry-After is an ordinary failure", async (status) => {
    receiver.respond({ status, headers: { "retry-after": "7" } });
    await expect(send()).resolves.toMatchObject({ kind: "failed" });
  });
});

describe("of an answer", () => {
  it("16 KiB are kept", async () => {
    receiver.respond({ status: 200, body: "a".repeat(16_384) });
    await expect(send()).resolves.toMatchObject({ answer: { body: "a".repeat(16_384), isTruncated: false } });
    receiver.respond({ status: 200, body: `${"a".repeat(16_384)}b` });
    await expect(send()).resolves.toMatchObject({ answer: { body: "a".repeat(16_384), isTruncated: true } });
  });

  it("the headers are kept, but no cookie", async () => {
    receiver.respond({ status: 200, headers: { "x-kind": "test", "set-cookie": "session=1" } });
    const { answer } = (await send()) as { answer: { headers: Record<string, string> } };
    expect(answer.headers).toMatchObject({ "x-kind": "test", "content-type": "text/plain; charset=utf-8" });
    expect(answer.headers).not.toHaveProperty("set-cookie");
  });
});

describe("what is posted", () => {
  it("goes, byte for byte, to the path and query of the target's URL", async () => {
    const path = "/a%2Fb/%F0%9F%98%80/../c;x=1//?q=%20&token=a+b&&=#fragment";
    const body = JSON.stringify({ text: "ünïcödé 😀 \u2028" });
    await expect(send(path, body)).resolves.toMatchObject({ kind: "delivered" });
    const [request] = receiver.requests;
    expect(request?.path).toBe("/a%2Fb/c;x=1//?q=%20&token=a+b&&=");
    expect(request?.rawBody.toString()).toBe(body);
    expect(request?.method).toBe("POST");
    expect(request?.headers).toMatchObject({
      host: new URL(receiver.url).host,
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
      "webhook-id": "d1",
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
    });
    expect(request?.headers).not.toHaveProperty("webhook-signature");
  });

  it("to a port where nobody listens is unreachable", async () => {
    for (const port of [1, 0, 65_535]) {
      const target = webhook(`http://127.0.0.1:${port}/`);
      const outcome = await sender.send(target, toRequest(target), never);
      expect(outcome).toMatchObject({ kind: "failed", code: "target_unreachable", answer: undefined });
    }
  });
});
