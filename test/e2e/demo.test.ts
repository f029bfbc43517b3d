import { fileURLToPath } from "node:url";
import { spawnNode } from "@hookline/testing";
import { describe, expect, it } from "@jest/globals";

const DEMO = fileURLToPath(new URL("../../apps/standalone/dist/demo.js", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

describe("npm run demo", () => {
  it("prints a digest as it arrives and exits 0 when it is asked to end after one", async () => {
    const demo = spawnNode({ args: [DEMO, "--once"], cwd: ROOT });
    await demo.waitForLine("signature verified", 60_000);
    await expect(demo.exited).resolves.toMatchObject({ code: 0 });
    for (const text of ["octocat/hello-world", "stars 2718", "12 open issues", "The Octocat", "/board", "/docs"]) {
      expect(demo.stdout).toContain(text);
    }
  }, 70_000);

  it("exits 1 and says why when its arguments are wrong", async () => {
    const demo = spawnNode({ args: [DEMO, "--live", "no-slash"], cwd: ROOT });
    await expect(demo.exited).resolves.toMatchObject({ code: 1 });
    expect(demo.stderr).toContain("owner/name");
  });
});
