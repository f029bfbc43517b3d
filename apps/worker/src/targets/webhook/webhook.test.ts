import { describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { parseSigningSecrets } from "./signing-secrets.ts";
import { webhookKind } from "./webhook.ts";

const secret = (bytes: number, fill = 1) => `whsec_${Buffer.alloc(bytes, fill).toString("base64")}`;
const OLD = secret(32, 1);
const NEW = secret(64, 2);
const body = Buffer.from(JSON.stringify({ type: "repository.digest", text: "ünïcödé 😀" }));

function build(signingSecrets: string[], now = new Date(), deliveryId = "d0123") {
  const target = webhookKind.create({
    name: "hook",
    url: new URL("https://example.com/hook"),
    isFromRequest: false,
    signingSecrets,
  });
  return target.toRequest({ deliveryId, body }, now);
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
    const first = build([OLD], new Date("2026-01-02T03:04:05.999Z"));
    const second = build([OLD], new Date("2026-01-02T03:09:05.000Z"));
    expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
    expect(second.body.equals(first.body)).toBe(true);
    expect(first.headers["webhook-timestamp"]).toBe("1767323045");
    expect(second.headers["webhook-timestamp"]).toBe("1767323345");
    expect(second.headers["webhook-signature"]).not.toBe(first.headers["webhook-signature"]);
  });
});

describe("WEBHOOK_SECRET", () => {
  it("holds any number of secrets of 24 to 64 bytes", () => {
    expect(parseSigningSecrets("")).toEqual([]);
    expect(parseSigningSecrets(` ${secret(24)}\n ${secret(64)}\t`)).toEqual([secret(24), secret(64)]);
  });

  it.each([
    ["has no prefix", Buffer.alloc(32, 5).toString("base64"), "must begin with whsec_"],
    ["is a public key", `whpk_${Buffer.alloc(32, 5).toString("base64")}`, "must begin with whsec_"],
    ["is no base64", "whsec_not*base64*not*base64*not*base64*", "must be base64"],
    ["is URL-safe base64", `whsec_${"-_".repeat(16)}`, "must be base64"],
    ["has lost its padding", `whsec_${Buffer.alloc(32, 5).toString("base64").replace("=", "")}`, "must be base64"],
    ["is empty", "whsec_", "must be base64"],
    ["is too short", secret(23, 5), "must hold 24 to 64 bytes, not 23"],
    ["is too long", secret(65, 5), "must hold 24 to 64 bytes, not 65"],
  ])("is refused, and not shown, when one %s", (_, wrong, message) => {
    const parse = () => parseSigningSecrets(`${OLD} ${wrong}`);
    expect(parse).toThrow(`secret 2 ${message}`);
    try {
      parse();
    } catch (error) {
      expect(String(error)).not.toContain(OLD);
      if (wrong.length > 6) expect(String(error)).not.toContain(wrong.slice(6));
    }
  });
});
