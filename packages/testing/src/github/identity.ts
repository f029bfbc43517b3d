import { createHash } from "node:crypto";

/** Who asks. `credential` is "anonymous" or "token:" and the first 8 hex digits of the token's SHA-256, never the token. */
export interface Identity {
  kind: "anonymous" | "token" | "bad";
  credential: string;
}

export const ANONYMOUS = "anonymous";

/** The name under which a token is logged and limited. */
export function toCredential(token: string): string {
  return `token:${createHash("sha256").update(token).digest("hex").slice(0, 8)}`;
}

/** Judges an Authorization header: `Bearer` or `token` with a known token is good, everything else is bad. */
export function toIdentity(authorization: string | undefined, tokens: ReadonlySet<string>): Identity {
  if (authorization === undefined) return { kind: "anonymous", credential: ANONYMOUS };
  const token = /^(?:bearer|token) +(\S+)$/i.exec(authorization)?.[1] ?? authorization;
  return { kind: tokens.has(token) ? "token" : "bad", credential: toCredential(token) };
}
