import { PermanentError, parseUrl, TemporaryError } from "@hookline/runtime";

/** The address of a path below the API's root, its segments encoded. */
export function toApiUrl(apiUrl: URL, segments: readonly string[], query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(`${toRoot(apiUrl)}/${segments.map(encodeSegment).join("/")}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** Where GraphQL is: beside REST on github.com, at `/api/graphql` on GitHub Enterprise Server (GitHub's "Forming calls with GraphQL"). */
export function toGraphqlUrl(apiUrl: URL): URL {
  const root = toRoot(apiUrl);
  return new URL(root.endsWith("/api/v3") ? root.replace(/v3$/, "graphql") : `${root}/graphql`);
}

/** The address a redirect leads to. @throws PermanentError when it leaves the host: the token must not go there. */
export function toRedirectUrl(from: URL, location: string | undefined): URL {
  const url = location === undefined ? null : toUrl(from, location);
  if (url === null) throw new TemporaryError("github_unavailable", "GitHub redirected to no readable address");
  if (!isSameOrigin(from, url)) throw new PermanentError("repository_unavailable", "GitHub redirected to another host");
  return url;
}

/** The address of a next page. @throws TemporaryError when it leaves the host. */
export function toNextUrl(from: URL, next: string): URL {
  const url = toUrl(from, next);
  if (url === null || !isSameOrigin(from, url)) {
    throw new TemporaryError("github_unavailable", "GitHub's next page is on another host than API_URL");
  }
  return url;
}

function toUrl(from: URL, address: string): URL | null {
  return parseUrl(address, from) ?? null;
}

function isSameOrigin(a: URL, b: URL): boolean {
  return a.protocol === b.protocol && a.host === b.host;
}

function toRoot(apiUrl: URL): string {
  return `${apiUrl.origin}${apiUrl.pathname.replace(/(?<!\/)\/+$/, "")}`;
}

function encodeSegment(segment: string): string {
  // URL parsing resolves dot segments, encoded or not: they would lead to another endpoint.
  if (/^\.{0,2}$/.test(segment)) throw new PermanentError("repository_not_found", "not a name GitHub knows");
  return encodeURIComponent(segment);
}
