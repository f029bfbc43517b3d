/**
 * The headers of a request: what the operator configured, under what the kind itself must send. Names come out in
 * lower case, so that none is sent twice.
 */
export function mergeHeaders(
  configured: Readonly<Record<string, string>> | undefined,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(configured ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { "user-agent": "hookline", ...Object.fromEntries(entries), ...own };
}
