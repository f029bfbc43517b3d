import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findRedis } from "./find-redis.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hookline-find-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function addProgram(name: string, script: string): Promise<void> {
  await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

describe("finding a Redis", () => {
  test("REDIS_URL goes before everything else", async () => {
    await addProgram("redis-server", "exit 0");
    const found = await findRedis({ directory, redisUrl: "redis://example.test:1", env: { PATH: directory } });
    expect(found).toEqual({ kind: "external", url: "redis://example.test:1", source: "REDIS_URL" });
  });

  test.each(["redis-server", "valkey-server"])("%s on PATH is used", async (name) => {
    await addProgram(name, "exit 0");
    const found = await findRedis({ directory, redisUrl: "", env: { PATH: directory } });
    expect(found).toMatchObject({ kind: "program", command: join(directory, name), source: `${name} on PATH` });
  });

  test("a Docker that answers gives a container", async () => {
    await addProgram("docker", "exit 0");
    const found = await findRedis({ directory, env: { PATH: directory } });
    expect(found).toMatchObject({ kind: "image", source: "container" });
  });

  test("without any, one sentence says how to install Redis and why the rest failed", async () => {
    await addProgram("docker", "echo no daemon >&2; exit 1");
    const finding = findRedis({ directory, env: { PATH: directory } });
    await expect(finding).rejects.toThrow(/no daemon.*apt-get install redis-server.*brew install redis.*REDIS_URL/);
  });
});
