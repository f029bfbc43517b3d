import { createHash, timingSafeEqual } from "node:crypto";

/** Compares a text with secrets in a time that tells nothing of them: digests are compared, and always all. */
export function createSecretMatcher(secrets: readonly string[]): (given: string) => boolean {
  const digests = secrets.map(digest);
  return (given) => {
    const candidate = digest(given);
    return digests.reduce((isFound, known) => timingSafeEqual(known, candidate) || isFound, false);
  };
}

/** The key of an `Authorization: Bearer` header, if it is one. */
export function toBearerKey(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
