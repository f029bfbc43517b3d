import { toHostname } from "@hookline/runtime";
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
  // All of IPv6 but global unicast, 2000::/3 (RFC 4291): loopback, NAT64, discard, segment routing, local, multicast.
  ...["::/3", "4000::/2", "8000::/1"],
  // In it protocol assignments with Teredo, documentation and 6to4.
  ...["2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16"],
]);

/** Where clouds answer with a machine's credentials: link-local, and what lies elsewhere at AWS, Google, Oracle, Azure, Alibaba. */
const METADATA = toNetworks([
  ...["169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128"],
  ...["192.0.0.192/32", "168.63.129.16/32", "100.100.100.200/32"],
]);

/** What operators' own targets may reach: all but metadata. */
export const configuredPolicy: AddressPolicy = { hosts: new Set(), networks: [], isOpen: true };

/** Reads `TARGET_ALLOWED_NETWORKS`: CIDRs, addresses and host names. @throws Error naming a wrong entry. */
export function parseAllowedNetworks(text: string): AddressPolicy {
  const entries = text
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== "");
  const wrong = entries.find((entry) => !isNetwork(entry) && !isHost(entry));
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
  const carried = carriedIPv4(address);
  if (isIn(address, METADATA) || (carried !== undefined && isIn(carried, METADATA))) {
    return `${address} is a link-local or metadata address`;
  }
  if (policy.isOpen || policy.hosts.has(host.toLowerCase()) || isIn(address, policy.networks)) return undefined;
  return isIn(address, FORBIDDEN) ? `${address} is not a public address` : undefined;
}

/** Refuses a configured URL that names a metadata address. */
export function assertNotMetadata(url: URL): URL {
  const host = toHostname(url.hostname);
  const reason = ipaddr.isValid(host) ? refusal(configuredPolicy, host, host) : undefined;
  if (reason !== undefined) throw new Error(reason);
  return url;
}

/** An IPv6 address that only carries an IPv4 one (mapped or compatible) is judged as that one. */
function unwrap(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const [high = 0, low = 0] = address.parts.slice(6);
  const isCompatible = address.parts.slice(0, 6).every((part) => part === 0) && high !== 0;
  return isCompatible ? toIPv4(high, low) : address;
}

const TRANSLATED = toNetworks(["64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96"]);
const SIX_TO_FOUR = toNetworks(["2002::/16"]);

/** The IPv4 address that a gateway would pass a packet on to (NAT64, SIIT, 6to4), if there is one. */
function carriedIPv4(address: Address): Address | undefined {
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  const [, first = 0, second = 0, , , , high = 0, low = 0] = address.parts;
  if (isIn(address, SIX_TO_FOUR)) return toIPv4(first, second);
  return isIn(address, TRANSLATED) ? toIPv4(high, low) : undefined;
}

function toIPv4(high: number, low: number): Address {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

/** Only spellings that leave no doubt: to the library `10/8` is 0.0.0.10/8, which holds loopback's other name. */
function isNetwork(entry: string): boolean {
  if (entry.includes(":")) return ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry);
  return ipaddr.IPv4.isValidFourPartDecimal(entry) || ipaddr.IPv4.isValidCIDRFourPartDecimal(entry);
}

/** A name's last label has a letter in it, else it is some spelling of an address (RFC 1123, section 2.1). */
function isHost(entry: string): boolean {
  const last = entry.slice(entry.lastIndexOf(".") + 1);
  return /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/.test(entry) && /[a-z]/.test(last) && !last.startsWith("0x");
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
