import { describe, expect, it } from "@jest/globals";
import { toTargetKind } from "./target-kind.ts";

describe("toTargetKind", () => {
  const configured = [
    { name: "default", kind: "webhook" },
    { name: "team", kind: "slack" },
  ] as const;

  it.each([
    ["a configured target", "team", "slack"],
    ["a target that a request supplied", "discord~discord.com~0123456789", "discord"],
    ["a target that a request supplied, on a port", "teams~[__1]_8080~0123456789", "teams"],
    ["a name that is configured no longer", "gone", "unknown"],
    ["a name that only objects know", "constructor", "unknown"],
  ])("tells the kind of %s", (_what, target, kind) => {
    expect(toTargetKind(target, configured)).toBe(kind);
  });

  it("tells the kind of a target that an old job holds itself", () => {
    expect(toTargetKind({ kind: "mattermost", url: "https://chat.example.com/hooks/x" }, configured)).toBe(
      "mattermost",
    );
  });
});
