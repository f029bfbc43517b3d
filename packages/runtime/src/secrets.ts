import { createHash, timingSafeEqual } from "node:crypto";

/** Compares a text with secrets in a time that tells nothing of them. */
export function createSecretMatcher(secrets: readonly string[]): (given: string) => boolean {
  const find = createSecretFinder(secrets.map((secret) => [secret, true]));
  return (given) => find(given) === true;
}

/**
 * Finds what belongs to a secret, the first when several have the same, in a time that tells nothing of them:
 * digests are compared, and always all.
 */
export function createSecretFinder<T>(
  entries: readonly (readonly [secret: string, value: T])[],
): (given: string) => T | undefined {
  const known = entries.map(([secret, value]) => ({ digest: digest(secret), value }));
  return (given) => {
    const candidate = digest(given);
    return known.filter((entry) => timingSafeEqual(entry.digest, candidate))[0]?.value;
  };
}

/** The key of an `Authorization: Bearer` header, if it is one. */
export function toBearerKey(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
