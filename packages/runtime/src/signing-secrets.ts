/** The length of a symmetric key in bytes, as Standard Webhooks 1.0.0 has it. */
const KEY_BYTES = { min: 24, max: 64 };

/** Reads `whsec_…` secrets, separated by blanks. @throws Error that never shows a secret. */
export function parseSigningSecrets(text: string): readonly string[] {
  const secrets = text.split(/\s+/).filter((secret) => secret !== "");
  for (const [index, secret] of secrets.entries()) {
    const problem = findProblem(secret);
    if (problem !== undefined) throw new Error(`secret ${index + 1} ${problem}`);
  }
  return secrets;
}

function findProblem(secret: string): string | undefined {
  if (!secret.startsWith("whsec_")) return "must begin with whsec_";
  const encoded = secret.slice("whsec_".length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0) return "must be base64 after whsec_";
  const bytes = Buffer.from(encoded, "base64").length;
  const { min, max } = KEY_BYTES;
  return bytes < min || bytes > max ? `must hold ${min} to ${max} bytes, not ${bytes}` : undefined;
}
