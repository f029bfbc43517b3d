import { describe, expect, it } from "@jest/globals";
import { createRedactor } from "./logger.ts";
import { createSecretFinder, createSecretMatcher, toBearerKey } from "./secrets.ts";

describe("a secret matcher", () => {
  const matches = createSecretMatcher(["first", "second", "ünïcode"]);

  it("knows each secret and nothing that is like one", () => {
    for (const known of ["first", "second", "ünïcode"]) expect(matches(known)).toBe(true);
    for (const other of ["", "firs", "first ", "FIRST", "firstsecond", "first,second", "unicode", "\0first"])
      expect(matches(other)).toBe(false);
  });

  it("without secrets knows none, not even the empty one", () => {
    expect(createSecretMatcher([])("")).toBe(false);
  });

  it("takes as long for a text that begins like a secret as for another", () => {
    const secret = "a".repeat(5000);
    const isSecret = createSecretMatcher([secret]);
    const time = (text: string) => {
      const before = process.hrtime.bigint();
      for (let n = 0; n < 300; n += 1) isSecret(text);
      return Number(process.hrtime.bigint() - before);
    };
    const fastest = (text: string) => Math.min(...Array.from({ length: 15 }, () => time(text)));
    const [near, far] = [fastest(`${"a".repeat(4999)}b`), fastest(`b${"a".repeat(4999)}`)];
    expect(Math.abs(near - far) / Math.max(near, far)).toBeLessThan(0.5);
  });
});

describe("a secret finder", () => {
  it("finds what belongs to a secret, and nothing for any other text", () => {
    const find = createSecretFinder([
      ["token-of-leto", "leto"],
      ["token-of-paul", "paul"],
      ["token-of-leto", "second"],
    ]);
    expect([find("token-of-leto"), find("token-of-paul")]).toEqual(["leto", "paul"]);
    for (const other of ["", "leto", "token-of-let", "TOKEN-OF-LETO", "__proto__"]) expect(find(other)).toBeUndefined();
  });
});

describe("a bearer key", () => {
  it.each([
    ["Bearer key", "key"],
    ["bearer   key", "key"],
    ["BEARER a/b+c=", "a/b+c="],
    ["Bearer", undefined],
    ["Bearer a b", undefined],
    ["Bearerkey", undefined],
    ["Basic key", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("of %j is %j", (header, key) => {
    expect(toBearerKey(header)).toBe(key);
  });
});

describe("a redactor", () => {
  it("masks secrets as they are, in JSON and in URLs, the longest first", () => {
    const redact = createRedactor(['pass"word\\', "secret", "secret-longer", "käse & brot"]);
    const line = JSON.stringify({ a: 'x pass"word\\ y', b: "secret-longer", c: encodeURIComponent("käse & brot") });
    expect(redact(line)).toBe('{"a":"x *** y","b":"***","c":"***"}');
  });

  it("leaves short texts alone, which would mask ordinary words", () => {
    expect(createRedactor(["info", ""])("info and more")).toBe("info and more");
  });

  it("takes secrets with the characters of patterns as they are", () => {
    expect(createRedactor(["a.*b$1$&"])("a.*b$1$& axxb")).toBe("*** axxb");
  });
});
