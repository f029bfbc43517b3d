import { describe, expect, it } from "@jest/globals";
import { parseTrustProxy } from "./trust-proxy.ts";

describe("TRUST_PROXY", () => {
  it("is off when empty or 0, a number of proxies, or a list of their addresses", () => {
    expect([parseTrustProxy(""), parseTrustProxy("0")]).toEqual([undefined, undefined]);
    expect([parseTrustProxy("1"), parseTrustProxy("3")]).toEqual([1, 3]);
    expect(parseTrustProxy("loopback, 10.0.0.0/8,::1, fd00::/8")).toEqual([
      "loopback",
      "10.0.0.0/8",
      "::1",
      "fd00::/8",
    ]);
  });

  it.each([
    "true",
    "yes",
    "-1",
    "11",
    "1.5",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/33",
    "10.0.0.0/8/8",
    "10.0.0",
    "proxy.local",
    "*",
  ])("%s is not guessed at", (text) => {
    expect(() => parseTrustProxy(text)).toThrow(/must be/);
  });
});
