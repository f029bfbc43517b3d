import { Webhook } from "standardwebhooks";

/** Signs with every secret, so that a receiver which knows any of them can verify (Standard Webhooks 1.0.0). */
export function createSigner(secrets: readonly string[]) {
  const signers = secrets.map((secret) => new Webhook(secret));
  return (id: string, now: Date, body: Buffer): { "webhook-signature"?: string } => {
    if (signers.length === 0) return {};
    return { "webhook-signature": signers.map((signer) => signer.sign(id, now, body)).join(" ") };
  };
}
