import { describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { outgoing } from "../../../test/support/targets.ts";
import { webhookKind } from "./webhook.ts";

const secret = (bytes: number, fill = 1) => `whsec_${Buffer.alloc(bytes, fill).toString("base64")}`;
const OLD = secret(32, 1);
const NEW = secret(64, 2);
const body = Buffer.from(JSON.stringify({ type: "repository.digest", text: "ünïcödé 😀" }));

interface Options {
  readonly now?: Date;
  readonly headers?: Record<string, string>;
}

function build(secrets: string[], { now = new Date(), headers = {} }: Options = {}) {
  const target = webhookKind.create(
    {
      kind: "webhook",
      url: "https://example.com/hook",
      headers,
      ...(secrets.length > 0 && { secret: secrets.join(" ") }),
    },
    {
      name: "hook",
      isFromRequest: false,
      limits: { ...webhookKind.defaults, timeoutMs: 5000 },
      inboxToken: () => undefined,
    },
  );
  return target.toRequest(outgoing(body, "d0123"), { now, place: { role: "alone" } });
}

describe("a webhook's signature", () => {
  it("is verified by the reference library", () => {
    const { headers } = build([OLD]);
    expect(new Webhook(OLD).verify(body, { ...headers })).toMatchObject({ type: "repository.digest" });
  });

  it("is verified with either secret while rotating, and with no third one", () => {
    const { headers } = build([OLD, NEW]);
    for (const known of [OLD, NEW]) expect(() => new Webhook(known).verify(body, { ...headers })).not.toThrow();
    expect(() => new Webhook(secret(32, 3)).verify(body, { ...headers })).toThrow();
    expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  });

  it("covers the body, the id and the time", () => {
    const { headers } = build([OLD]);
    const verify = (changed: Record<string, string>, bytes = body) =>
      new Webhook(OLD).verify(bytes, { ...headers, ...changed });
    expect(() => verify({}, Buffer.from(body.toString().replace("digest", "diggst")))).toThrow();
    expect(() => verify({ "webhook-id": "d0124" })).toThrow();
    expect(() => verify({ "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) })).toThrow();
  });

  it("is absent without a secret", () => {
    expect(build([]).headers).toEqual({
      "content-type": "application/json",
      "user-agent": "hookline",
      "webhook-id": "d0123",
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
    });
  });
});

describe("attempts of one delivery", () => {
  it("have the same id and body, and times and signatures of their own", () => {
    const first = build([OLD], { now: new Date("2026-01-02T03:04:05.999Z") });
    const second = build([OLD], { now: new Date("2026-01-02T03:09:05.000Z") });
    expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(second.body.equals(first.body)).toBe(true);
    expect(first.headers["webhook-timestamp"]).toBe("1767323045");
    expect(second.headers["webhook-timestamp"]).toBe("1767323345");
    expect(second.headers["webhook-signature"]).not.toBe(first.headers["webhook-signature"]);
  });
});

describe("configured headers", () => {
  it("are sent in lower case, and cannot replace the kind's own", () => {
    const headers = { Authorization: "Bearer x", "Content-Type": "text/plain", "Webhook-Id": "1", "User-Agent": "me" };
    expect(build([], { headers }).headers).toEqual({
      authorization: "Bearer x",
      "content-type": "application/json",
      "user-agent": "me",
      "webhook-id": "d0123",
      "webhook-timestamp": expect.stringMatching(/^\d{10}$/),
    });
  });
});
