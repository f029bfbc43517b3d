import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { type AddressPolicy, refusal } from "@hookline/project";
import { toHostname } from "@hookline/runtime";
import { Agent, buildConnector } from "undici";

/** A connection that the address policy refuses. */
export class ForbiddenAddressError extends Error {
  override readonly name = "ForbiddenAddressError";
}

/** Finds every address of a name, as `dns.lookup` does. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const CONNECT_TIMEOUT_MS = 5000;
const KEPT_SOCKETS_MS = 10_000;

/**
 * An HTTP agent that connects only where the policy allows. Every address a name resolves to is checked at the
 * moment of connecting, so an answer that changes between a check and the connection changes nothing; addresses
 * written in the URL are checked too (clients skip the look-up for them).
 */
export function createGuardedAgent(policy: AddressPolicy, timeoutMs: number, lookup: Lookup = dnsLookup): Agent {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guard(policy, lookup) });
  return new Agent({
    connect: (options, callback) => {
      const host = toHostname(options.hostname);
      const reason = isIP(host) === 0 ? undefined : refusal(policy, host, host);
      if (reason !== undefined) return callback(new ForbiddenAddressError(reason), null);
      return connect(options, callback);
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEPT_SOCKETS_MS,
    maxHeaderSize: 16_384,
  });
}

function guard(policy: AddressPolicy, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [], undefined);
      const reason = firstRefusal(policy, hostname, addresses);
      if (reason !== undefined) return callback(new ForbiddenAddressError(reason), [], undefined);
      const [first] = addresses;
      if (options.all === true) return callback(null, addresses, undefined);
      return callback(null, first?.address ?? "", first?.family);
    });
  };
}

function firstRefusal(policy: AddressPolicy, host: string, addresses: readonly LookupAddress[]): string | undefined {
  const name = host.replace(/\.$/, "");
  for (const { address } of addresses) {
    const reason = refusal(policy, name, address);
    if (reason !== undefined) return `${name} resolves to an address that is refused: ${reason}`;
  }
  return undefined;
}
