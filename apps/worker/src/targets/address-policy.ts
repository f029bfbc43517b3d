import ipaddr from "ipaddr.js";

/** Which private addresses a delivery may reach. */
export interface AddressPolicy {
  /** Hosts, lower case, whose addresses are not checked (but for metadata). */
  readonly hosts: ReadonlySet<string>;
  readonly networks: readonly Network[];
  /** Whether everything but metadata is allowed: true for targets that the operator configured. */
  readonly isOpen: boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

/** Special-purpose ranges of IANA's registries (RFC 6890 and successors), and those that embed an IPv4 address. */
const FORBIDDEN = toNetworks([
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"],
  ...["::/128", "::1/128", "fe80::/10", "fec0::/10", "fc00::/7", "ff00::/8", "2001:db8::/32", "3fff::/20", "100::/64"],
  ...["2002::/16", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "5f00::/16"],
]);

/** Where clouds answer with a machine's credentials: link-local, Azure's public one, AWS's over IPv6, Alibaba's. */
const METADATA = toNetworks([
  "169.254.0.0/16",
  "fe80::/10",
  "168.63.129.16/32",
  "fd00:ec2::254/128",
  "100.100.100.200/32",
]);

/** What operators' own targets may reach: all but metadata. */
export const configuredPolicy: AddressPolicy = { hosts: new Set(), networks: [], isOpen: true };

/** Reads `TARGET_ALLOWED_NETWORKS`: CIDRs, addresses and host names. @throws Error naming a wrong entry. */
export function parseAllowedNetworks(text: string): AddressPolicy {
  const entries = text
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  const isNetwork = (entry: string) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry);
  const wrong = entries.find((entry) => !isNetwork(entry) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(entry));
  if (wrong !== undefined) throw new Error(`"${wrong}" is neither a CIDR, nor an address, nor a host`);
  return {
    hosts: new Set(entries.filter((entry) => !isNetwork(entry))),
    networks: toNetworks(entries.filter(isNetwork).map((entry) => (entry.includes("/") ? entry : toSingle(entry)))),
    isOpen: false,
  };
}

/** Why a delivery must not reach an address, or `undefined` when it may. `host` is the name it was resolved from. */
export function refusal(policy: AddressPolicy, host: string, addressText: string): string | undefined {
  if (!ipaddr.isValid(addressText)) return `${addressText} is no address`;
  const address = unwrap(ipaddr.parse(addressText));
  if (isIn(address, METADATA)) return `${address} is a link-local or metadata address`;
  if (policy.isOpen || policy.hosts.has(host.toLowerCase()) || isIn(address, policy.networks)) return undefined;
  return isIn(address, FORBIDDEN) ? `${address} is not a public address` : undefined;
}

/** Refuses a configured URL that names a metadata address. */
export function assertNotMetadata(url: URL | undefined): URL | undefined {
  const host = toHostname(url?.hostname ?? "");
  const reason = ipaddr.isValid(host) ? refusal(configuredPolicy, host, host) : undefined;
  if (reason !== undefined) throw new Error(reason);
  return url;
}

/** A URL's host without the brackets of IPv6. */
export function toHostname(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** An IPv6 address that only carries an IPv4 one (mapped or compatible) is judged as that one. */
function unwrap(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const [high, low] = address.parts.slice(6);
  const isCompatible = address.parts.slice(0, 6).every((part) => part === 0) && high !== undefined && high !== 0;
  if (!isCompatible || low === undefined) return address;
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

function isIn(address: Address, networks: readonly Network[]): boolean {
  return networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

function toNetworks(cidrs: readonly string[]): Network[] {
  return cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
}

function toSingle(address: string): string {
  return `${address}/${ipaddr.parse(address).kind() === "ipv4" ? 32 : 128}`;
}
