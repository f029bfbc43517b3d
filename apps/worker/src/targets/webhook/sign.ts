import { createHmac } from "node:crypto";

/**
 * Signs with every secret, so that a receiver which knows any of them can verify (Standard Webhooks 1.0.0). Node's HMAC
 * rather than the reference library's, which is written in JavaScript: 4 µs for 3 KiB, not 37. Tests verify with the
 * library.
 */
export function createSigner(secrets: readonly string[]) {
  const keys = secrets.map((secret) => Buffer.from(secret.slice("whsec_".length), "base64"));
  return (id: string, seconds: number, body: Buffer): { "webhook-signature"?: string } => {
    if (keys.length === 0) return {};
    const sign = (key: Buffer) => createHmac("sha256", key).update(`${id}.${seconds}.`).update(body).digest("base64");
    return { "webhook-signature": keys.map((key) => `v1,${sign(key)}`).join(" ") };
  };
}
