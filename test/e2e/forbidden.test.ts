import { waitUntil } from "@hookline/testing";
import { afterEach, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "./support/stack.ts";

const API_KEY = "end-to-end-api-key";

/** Every range that is no public one, and every way to write an address that a URL knows. */
const FORBIDDEN_HOSTS = [
  // Loopback in every spelling.
  ...["127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0177.1"],
  ...["127.0.0.2", "127.255.255.254", "0x7f.0x0.0x0.0x1", "017700000001", "127.000.000.001", "%31%32%37.0.0.1"],
  ...["１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "localhost", "LOCALHOST", "[::1]"],
  ...["[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]"],
  // This network and any address.
  ...["0.0.0.0", "0", "0x0", "00", "0.1.2.3", "0.255.255.255", "[::]", "[::ffff:0.0.0.0]"],
  // Private networks.
  ...[
    "10.0.0.1",
    "10.255.255.255",
    "10.1",
    "167772161",
    "0xa000001",
    "012.0.0.1",
    "[::ffff:10.0.0.1]",
    "[::ffff:a00:1]",
  ],
  ...["172.16.0.1", "172.31.255.255", "172.16.1", "2886729729", "0xac100001", "[::ffff:172.16.0.1]"],
  ...[
    "192.168.0.1",
    "192.168.255.255",
    "192.168.1",
    "3232235521",
    "0xc0a80001",
    "0300.0250.0.1",
    "[::ffff:192.168.0.1]",
  ],
  // Carriers' networks, protocol assignments, documentation, benchmarks, 6to4 relays.
  ...["100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.51.100.7", "203.0.113.9", "192.88.99.1"],
  ...["198.18.0.1", "198.19.255.255", "[::ffff:100.64.0.1]"],
  // Link-local, and where clouds give their credentials away.
  ...["169.254.169.254", "169.254.0.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518"],
  ...[
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::a9fe:a9fe]",
    "168.63.129.16",
    "100.100.100.200",
  ],
  // Multicast, reserved, broadcast.
  ...["224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "4294967295", "0xffffffff", "250.1.2.3"],
  // IPv6: local, multicast, documentation, discard, segment routing.
  ...["[fc00::1]", "[fd12:3456::1]", "[fdff::1]", "[ff02::1]", "[ff05::2]", "[2001:db8::1]", "[3fff::1]", "[100::1]"],
  ...["[5f00::1]", "[febf::1]", "[fec0::1]"],
  // IPv6 that gateways turn into IPv4: NAT64, 6to4, Teredo.
  ...[
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::]",
    "[2002:c0a8:1::1]",
  ],
  ...["[2001:0:1::1]", "[2001::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]"],
];

describe("a target in a request", () => {
  let stack: Stack | undefined;
  afterEach(() => stack?.stop());

  const post = (running: Stack, url: string) =>
    running.post({ username: "octocat", repository: "hello-world", targets: [{ kind: "webhook", url }] });

  it(`in a place it must not reach is refused in each of ${FORBIDDEN_HOSTS.length} spellings, with the reason`, async () => {
    expect(FORBIDDEN_HOSTS.length).toBeGreaterThanOrEqual(100);
    stack = await startStack({ env: { API_KEYS: API_KEY, RETRY_MAX_ATTEMPTS: "3" } });
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });
    const running = stack;
    const port = new URL(running.receiver.url).port;
    const urls = FORBIDDEN_HOSTS.map((host) => `http://${host}:${port}/secret`);
    const ids = await Promise.all(urls.map(async (url) => (await post(running, url)).id));
    for (const [index, id] of ids.entries()) {
      const task = await running.untilStatus(id, ["failed", "delivered"]);
      const what = urls[index];
      expect({ what, code: task.error?.code, attempts: task.attempts.made }).toEqual({
        what,
        code: "target_forbidden",
        attempts: 1,
      });
      expect({ what, message: task.error?.message }).toEqual({
        what,
        message: expect.stringMatching(/is not a public address|is a link-local or metadata address/),
      });
    }
    expect(running.receiver.received).toBe(0);
  }, 60_000);

  it("arrives where TARGET_ALLOWED_NETWORKS allows it, in each of 20 spellings", async () => {
    stack = await startStack({
      env: { API_KEYS: API_KEY, TARGET_ALLOWED_NETWORKS: "127.0.0.0/8,localhost" },
    });
    stack.github.addRepository({ owner: "octocat", name: "hello-world" });
    const running = stack;
    const port = new URL(running.receiver.url).port;
    const hosts = ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "LOCALHOST", "127.0.1"];
    const paths = ["/a", "/a/b?c=d", "/%2e/ü?q=http://10.0.0.1/"];
    // Spellings of one address make one target: the number tells them apart.
    const urls = hosts.flatMap((host) => paths.map((path) => `http://${host}:${port}/${host.length}${host}${path}`));
    const ids = await Promise.all(urls.map(async (url) => (await post(running, url)).id));
    for (const id of ids) await running.untilStatus(id, "delivered");
    await waitUntil(() => running.receiver.received >= urls.length, { what: "every digest" });
  }, 60_000);

  it("that is no plain http or https URL is refused at once", async () => {
    stack = await startStack({ env: { API_KEYS: API_KEY }, workers: 0 });
    const urls = [
      ...["file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "javascript:alert(1)", "//example.com/"],
      ...["http://user:password@example.com/", "https://token@example.com/", "http://", "http://exa mple.com/"],
      ...["http://1.2.3.4.5.6:99999/", ""],
    ];
    for (const url of urls) {
      const answer = await stack.request("POST", "/tasks", {
        username: "octocat",
        repository: "hello-world",
        targets: [{ kind: "webhook", url }],
      });
      expect([url, answer.status]).toEqual([url, 400]);
      expect(answer.body.errors).toContainEqual(expect.objectContaining({ pointer: "/targets/0/url" }));
    }
  });
});
