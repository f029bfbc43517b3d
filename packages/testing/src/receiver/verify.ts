import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";

export interface Verification {
  verified: boolean | null;
  verifyError?: string;
}

export type Verifier = (rawBody: Buffer, headers: IncomingHttpHeaders) => Verification;

/** A verifier of Standard Webhooks signatures that accepts any of the secrets; throws on a malformed one. Without secrets `verified` is null. */
export function toVerifier(secrets: readonly string[]): Verifier {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (rawBody, headers) => {
    if (webhooks.length === 0) return { verified: null };
    let verifyError = "";
    for (const webhook of webhooks) {
      try {
        webhook.verify(rawBody, toPlainHeaders(headers), { jsonParse: false });
        return { verified: true };
      } catch (error) {
        verifyError = error instanceof Error ? error.message : String(error);
      }
    }
    return { verified: false, verifyError };
  };
}

function toPlainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])));
}
