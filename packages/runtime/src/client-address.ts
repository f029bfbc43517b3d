/** Groups of an IPv6 address that one client is given as a whole: a /64. */
const CLIENT_GROUPS = 4;

/**
 * Whom an address stands for: an IPv4 address for itself, also as IPv4-mapped IPv6; an IPv6 address for its /64, in
 * which a client may take any it likes.
 */
export function toClient(address: string | undefined): string {
  if (address === undefined) return "unknown";
  const [text = ""] = address.toLowerCase().split("%", 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (mapped !== undefined || !text.includes(":")) return mapped ?? text;
  const [head = "", tail] = text.split("::");
  const left = toGroups(head);
  const right = toGroups(tail ?? "");
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return `${[...left, ...(tail === undefined ? [] : zeros), ...right].slice(0, CLIENT_GROUPS).join(":")}::/64`;
}

function toGroups(text: string): string[] {
  return text === "" ? [] : text.split(":").map((group) => group.replace(/^0{1,3}(?=.)/, ""));
}
