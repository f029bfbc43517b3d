/**
 * The `rel="next"` address of a `Link` header (RFC 8288), `undefined` when there is none.
 *
 * GitHub pages large lists by cursor, so the next page is followed and never computed ("Using pagination in the REST API").
 */
export function parseNextLink(header: string | readonly string[] | undefined): string | undefined {
  for (const [, address, parameters = ""] of String(header ?? "").matchAll(
    /<([^<>]*)>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)/g,
  )) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(parameters);
    const relations = (rel?.[1] ?? rel?.[2] ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return address;
  }
  return undefined;
}
