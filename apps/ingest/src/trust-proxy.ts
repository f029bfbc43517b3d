import { isIP } from "node:net";
import { variable } from "@hookline/runtime";

/** Express's setting of that name: how many proxies stand before us, or which addresses are theirs. */
export type TrustProxy = number | readonly string[];

const NAMES = new Set(["loopback", "linklocal", "uniquelocal"]);
const MOST_HOPS = 10;

/**
 * Reads `TRUST_PROXY`; `undefined` when empty. Everybody can write `X-Forwarded-For`: to trust all, as Express's
 * `true` does, is not offered.
 *
 * @throws Error when it is neither a number of proxies nor a list of addresses.
 */
export function parseTrustProxy(text: string): TrustProxy | undefined {
  if (text === "") return undefined;
  if (/^\d+$/.test(text)) return parseHops(text);
  const places = variable.splitList(text);
  const wrong = places.find((place) => !NAMES.has(place) && !isNetwork(place));
  if (wrong !== undefined) throw new Error(`must be a number of proxies, or addresses and CIDRs, not "${wrong}"`);
  return places;
}

function parseHops(text: string): number | undefined {
  const hops = Number(text);
  if (hops > MOST_HOPS) throw new Error(`must be at most ${MOST_HOPS} proxies`);
  return hops === 0 ? undefined : hops;
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  // A network of length 0 is everybody.
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
