import { describe, expect, test } from "@jest/globals";
import { toServerArgs } from "./redis-options.ts";

describe("server options", () => {
  test("a persistent server appends every write and syncs every second", () => {
    const args = toServerArgs({ dataDirectory: "/d", port: 1, isPersistent: true }).join(" ");
    expect(args).toContain("--appendonly yes --appendfsync everysec --maxmemory-policy noeviction");
  });

  test("a temporary server writes no files", () => {
    const args = toServerArgs({ dataDirectory: "/d", port: 1, isPersistent: false }).join(" ");
    expect(args).toContain("--save  --appendonly no");
  });
});
