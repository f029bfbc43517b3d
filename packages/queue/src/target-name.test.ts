import { TargetNameSchema } from "@hookline/contracts";
import { createValidator } from "@hookline/runtime";
import { describe, expect, it } from "@jest/globals";
import { toDeduplicationId } from "./deduplication.ts";
import { toTargetKey, toTargetName } from "./target-name.ts";

const webhook = (url: string) => ({ kind: "webhook" as const, url });

describe("a target's name", () => {
  it("is its configured one, else shows its host and never its path", () => {
    expect(toTargetName("team")).toBe("team");
    const name = toTargetName(webhook("https://hooks.example.com:8443/T000/secret?token=x#y"));
    expect(name).toMatch(/^webhook~hooks\.example\.com_8443~[0-9a-f]{10}$/);
  });

  it("is the same for ways to write one URL and another for another path", () => {
    expect(toTargetName(webhook("https://EXAMPLE.com:443/a/../b"))).toBe(
      toTargetName(webhook("https://example.com/b")),
    );
    expect(toTargetName(webhook("https://example.com/a"))).not.toBe(toTargetName(webhook("https://example.com/b")));
  });

  it("of a written-out target can never be that of a configured one", () => {
    const isName = createValidator(TargetNameSchema);
    expect(isName(toTargetName(webhook("http://[::1]:80/"))).isValid).toBe(false);
  });

  it("has a key of eight hexadecimal digits", () => {
    expect(toTargetKey("default")).toMatch(/^[0-9a-f]{8}$/);
    expect(toTargetKey("default")).not.toBe(toTargetKey("Default"));
  });
});

describe("a deduplication id", () => {
  const pair = { username: "octocat", repository: "hello-world" };

  it("ignores the case of the pair and the order of the targets", () => {
    const id = toDeduplicationId(pair, ["a", "b"]);
    expect(toDeduplicationId({ username: "OctoCat", repository: "HELLO-world" }, ["b", "a"])).toBe(id);
    expect(id).toMatch(/^[\w-]{16}$/);
  });

  it("differs with the pair, where it is cut, and the targets", () => {
    const ids = [
      toDeduplicationId(pair, ["a"]),
      toDeduplicationId(pair, ["b"]),
      toDeduplicationId(pair, ["a", "b"]),
      toDeduplicationId(pair, []),
      toDeduplicationId({ username: "octocat-hello", repository: "world" }, ["a"]),
      toDeduplicationId({ username: "octocat", repository: "hello" }, ["a"]),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
