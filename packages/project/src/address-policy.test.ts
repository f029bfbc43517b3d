import { parseUrl, toHostname } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { assertNotMetadata, configuredPolicy, parseAllowedNetworks, refusal } from "./address-policy.ts";

const strict = parseAllowedNetworks("");

/** As a delivery sees it: the URL parser makes of the spelling what it does, then the address is judged. */
function judge(host: string, policy = strict): string | undefined {
  const url = `http://${host}/`;
  if (parseUrl(url) === undefined) return "no URL";
  const { hostname } = new URL(url);
  return refusal(policy, toHostname(hostname), toHostname(hostname));
}

const LOOPBACK = [
  ...["127.0.0.1", "127.0.0.1.", "127.255.255.254", "127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F000001"],
  ...["017700000001", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.0x0.0.01", "0x7f.1", "127.0x1", "%31%32%37.0.0.1"],
  ...["１２７.0.0.1", "127。0。0。1", "①27.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]"],
  ...["[::ffff:7f00:1]", "[::127.0.0.1]", "[::7f00:1]", "[::FFFF:7F00:0001]", "0", "0.0.0.0", "0x0", "0.0", "[::]"],
];
const RANGES = [
  ...["0.1.2.3", "0.255.255.255", "10.0.0.0", "10.255.255.255", "10.1", "012.0.0.1", "0xa.0.0.1", "167772161"],
  ...["100.64.0.0", "100.127.255.255", "169.254.0.1", "172.16.0.1", "172.31.255.255", "0xac.16.0.1", "192.0.0.1"],
  ...["192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.168.1", "0300.0250.0.1"],
  ...["3232235777", "0xc0a80101", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1"],
  ...["239.255.255.255", "240.0.0.1", "250.1.2.3", "255.255.255.255", "4294967295", "0xffffffff"],
];
const IPV6 = [
  ...["[fe80::1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd12:3456::1]", "[fdff:ffff::1]", "[ff02::1]", "[ff00::]"],
  ...["[2001:db8::1]", "[2001:db8:ffff::1]", "[3fff::1]", "[3fff:fff::1]", "[100::1]", "[100::ffff]", "[5f00::1]"],
  ...["[2002:7f00:1::]", "[2002:a00:1::1]", "[2002:808:808::1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]"],
  ...["[64:ff9b::8.8.8.8]", "[64:ff9b:1::7f00:1]", "[64:ff9b:1:fffe::a00:1]", "[2001::1]", "[2001:0:4136:e378::]"],
  ...["[2001:10::1]", "[2001:2::1]", "[::ffff:10.0.0.1]", "[::ffff:a00:1]", "[::ffff:192.168.1.1]", "[::10.0.0.1]"],
  ...["[::ffff:172.16.0.1]", "[::ffff:0:127.0.0.1]", "[::ffff:0:7f00:1]", "[::5]", "[::2:0:0:1]", "[4000::1]"],
  ...["[8000::1]", "[1::1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[::1%lo]"],
];
const METADATA = [
  ...["169.254.169.254", "169.254.169.254.", "169.254.170.2", "169.254.43518", "2852039166", "0xa9fea9fe"],
  ...["0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]"],
  ...["[::169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]", "[2002:a9fe:a9fe::1]"],
  ...["[::ffff:0:169.254.169.254]", "168.63.129.16", "0xa83f8110", "100.100.100.200", "192.0.0.192"],
  ...["[fd00:ec2::254]", "[fd00:ec2::23]", "[fd20:ce::254]", "[fd00:c1::a9fe:a9fe]", "[fe80::a9fe:a9fe]"],
];
const PUBLIC = [
  ...["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"],
  ...["128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255"],
  ...["192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "134744072"],
  ...["0x08080808", "[2606:4700::1111]", "[2a00:1450:4001::1]", "[2400:cb00::1]", "[2003::1]", "[::ffff:8.8.8.8]"],
  ...["[::8.8.8.8]", "[2001:4860:4860::8888]", "168.63.129.15"],
];

describe("what a target in a request may not reach", () => {
  it("is more than a hundred spellings long", () => {
    expect(new Set([...LOOPBACK, ...RANGES, ...IPV6, ...METADATA]).size).toBeGreaterThan(100);
    expect(new Set(PUBLIC).size).toBeGreaterThan(20);
  });

  it.each([...LOOPBACK, ...RANGES, ...IPV6, ...METADATA])("refuses %s", (host) => {
    expect(judge(host)).toBeDefined();
  });

  it.each(PUBLIC)("allows %s", (host) => {
    expect(judge(host)).toBeUndefined();
  });

  it("refuses what is no address at all", () => {
    expect(refusal(strict, "x", "")).toBeDefined();
    expect(refusal(configuredPolicy, "x", "localhost")).toBeDefined();
  });
});

describe("metadata addresses", () => {
  it.each(METADATA)("%s is refused to configured targets too", (host) => {
    expect(judge(host, configuredPolicy)).toMatch(/metadata/);
  });

  it.each(METADATA)("%s is refused although its network is allowed", (host) => {
    expect(judge(host, parseAllowedNetworks("0.0.0.0/0,::/0"))).toMatch(/metadata/);
  });

  it("stop the start when a configured URL names one", () => {
    for (const host of METADATA) expect(() => assertNotMetadata(new URL(`http://${host}/x`))).toThrow(/metadata/);
    expect(assertNotMetadata(new URL("http://127.0.0.1/")).hostname).toBe("127.0.0.1");
    expect(assertNotMetadata(new URL("https://hooks.example.com/")).hostname).toBe("hooks.example.com");
  });
});

describe("TARGET_ALLOWED_NETWORKS", () => {
  it("opens the network it names and nothing beside it", () => {
    const policy = parseAllowedNetworks("10.1.0.0/16, 192.168.7.7, fd00:1::/32");
    for (const host of ["10.1.0.1", "10.1.255.255", "192.168.7.7", "[fd00:1::9]", "[::ffff:10.1.2.3]", "8.8.8.8"]) {
      expect([host, judge(host, policy)]).toEqual([host, undefined]);
    }
    for (const host of [
      "10.0.0.1",
      "10.2.0.0",
      "192.168.7.8",
      "[fd00:2::9]",
      "127.0.0.1",
      "[::1]",
      "[64:ff9b::a01:1]",
    ]) {
      expect([host, judge(host, policy)]).not.toEqual([host, undefined]);
    }
  });

  it("opens a host whatever its addresses are, and no other host", () => {
    const policy = parseAllowedNetworks("Receiver.internal,my_host");
    expect(refusal(policy, "receiver.internal", "10.0.0.1")).toBeUndefined();
    expect(refusal(policy, "RECEIVER.INTERNAL", "::1")).toBeUndefined();
    expect(refusal(policy, "my_host", "10.0.0.1")).toBeUndefined();
    expect(refusal(policy, "evil.receiver.internal", "10.0.0.1")).toBeDefined();
    expect(refusal(policy, "receiver.internal.evil.example", "10.0.0.1")).toBeDefined();
    expect(refusal(policy, "receiver.internal", "169.254.169.254")).toBeDefined();
  });

  it.each([
    "10/8",
    "127/8",
    "10.1/16",
    "127.1",
    "0x7f.0.0.1",
    "10",
    "2130706433",
    "10.0.0.0/33",
    "a b",
    "*.local",
    "-x",
  ])("does not guess what %s means", (entry) => {
    expect(() => parseAllowedNetworks(`example.com,${entry}`)).toThrow(`"${entry}"`);
  });

  it("is empty when it is blank", () => {
    expect(parseAllowedNetworks(" , ")).toEqual({ hosts: new Set(), networks: [], isOpen: false });
  });
});
