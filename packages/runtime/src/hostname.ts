/** A URL's host as sockets and resolvers take it: without the brackets that an IPv6 address has in a URL. */
export function toHostname(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
