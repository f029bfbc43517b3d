import { describe, expect, test } from "@jest/globals";
import { toMissingPackages } from "./apt.ts";

describe("the packages to download", () => {
  test("are those that apt would install anew, without the C library", () => {
    const plan = [
      "The following NEW packages will be installed:",
      "  libjemalloc2 redis-tools",
      "Inst libc6 [2.36-9] (2.36-10 Debian:12 [amd64])",
      "Inst libjemalloc2 (5.3.0-1 Debian:12.11/stable [amd64])",
      "Inst redis-tools (5:7.0.15-1 Debian-Security:12/stable-security [amd64])",
      "Conf libjemalloc2 (5.3.0-1 Debian:12.11/stable [amd64])",
    ].join("\n");
    expect(toMissingPackages(plan)).toEqual(["libjemalloc2", "redis-tools"]);
  });
});
