import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import { type FindOptions, findRedis } from "./find-redis.ts";
import { identify } from "./resp.ts";
import { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "./start-embedded-redis.ts";

const OBTAINED = resolve(import.meta.dirname, "../../../.hookline");

let env: NodeJS.ProcessEnv;
let directory: string;
const started: EmbeddedRedis[] = [];

/** What these tests start lives in a directory of their own, but the program is got once for the whole repository. */
async function pathToRedis(options: FindOptions): Promise<NodeJS.ProcessEnv> {
  const found = await findRedis(options);
  if (found.kind !== "program") throw new Error(`these tests need a redis-server program, not a ${found.kind}`);
  return { ...found.env, PATH: `${resolve(found.command, "..")}:${process.env.PATH}` };
}

async function start(options: Partial<EmbeddedRedisOptions> = {}): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ directory, env, ...options });
  started.push(redis);
  return redis;
}

async function ask(redis: EmbeddedRedis, command: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(redis.url, { lazyConnect: true, maxRetriesPerRequest: 1, commandTimeout: 500 });
  client.on("error", () => {}); // the command's own rejection tells
  try {
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await delay(20);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

beforeAll(async () => {
  env = await pathToRedis({ directory: OBTAINED });
}, 120_000);
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hookline-embedded-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((redis) => redis.stop()));
  await rm(directory, { recursive: true, force: true });
});

describe("an embedded Redis", () => {
  test("answers on loopback with the settings that a queue needs", async () => {
    const redis = await start();
    expect(redis.url).toBe(`redis://127.0.0.1:${redis.port}`);
    const settings = { bind: "127.0.0.1", appendonly: "yes", "maxmemory-policy": "noeviction", save: "" };
    for (const [name, value] of Object.entries({ ...settings, appendfsync: "everysec" })) {
      expect(await ask(redis, "CONFIG", "GET", name)).toEqual([name, value]);
    }
    expect(await ask(redis, "CONFIG", "GET", "hash-max-*-value")).toContain("1024");
  });

  test("keeps its data over stop and start", async () => {
    const first = await start();
    await ask(first, "SET", "kept", "yes");
    await first.stop();
    expect(await identify(first.port)).toBe("refused");
    expect(await ask(await start(), "GET", "kept")).toBe("yes");
  });

  test("leaves nothing behind when it is not persistent", async () => {
    const redis = await start({ persistent: false });
    const dir = String(((await ask(redis, "CONFIG", "GET", "dir")) as string[])[1]);
    expect(await exists(dir)).toBe(true);
    await redis.stop();
    expect(await exists(dir)).toBe(false);
    expect(await exists(join(directory, "redis"))).toBe(false);
  });

  test("can be killed and restarted with the same port and data", async () => {
    const redis = await start();
    await ask(redis, "SET", "kept", "yes");
    const { pid, port } = redis;
    await redis.restart();
    expect(redis).toMatchObject({ port });
    expect(redis.pid).not.toBe(pid);
    expect(await ask(redis, "GET", "kept")).toBe("yes");
    await redis.kill();
    expect(await identify(port)).toBe("refused");
    await redis.restart("SIGKILL");
    expect(typeof (await identify(port))).toBe("object");
  });

  test("is silent while paused and answers again when resumed", async () => {
    const redis = await start({ persistent: false });
    await redis.pause();
    expect(await identify(redis.port)).toBe("silent");
    await redis.resume();
    expect(await ask(redis, "PING")).toBe("PONG");
  });

  test("several at once get ports of their own", async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => start({ persistent: false })));
    expect(new Set(all.map((redis) => redis.port)).size).toBe(5);
  });

  test("a port asked for and taken is one clear sentence", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(start({ port, persistent: false })).rejects.toThrow(`port ${port} is taken`);
    other.close();
  });
});

describe("one server per data directory", () => {
  test("a second one on the same data is refused", async () => {
    const redis = await start();
    await expect(start()).rejects.toThrow(`in use by another Hookline (port ${redis.port}, process ${process.pid})`);
    expect(await ask(redis, "PING")).toBe("PONG");
  });

  test("another process is refused too, even while the server is paused", async () => {
    const redis = await start();
    await redis.pause();
    const { output, code } = await runOwner("process.exit(0)");
    expect({ output, code }).toMatchObject({ code: 1, output: expect.stringContaining("in use by another Hookline") });
    await redis.resume();
  });
});

describe("a lock that a killed process left behind", () => {
  test("is taken over by one of several that start at once", async () => {
    const leftover = join(directory, "redis", "hookline.lock");
    await mkdir(join(directory, "redis"));
    await writeFile(leftover, JSON.stringify({ owner: 2 ** 30, port: 1, runId: "gone" }));
    const owners = Array.from({ length: 4 }, () => runOwner("setTimeout(() => redis.stop(), 2000)"));
    const codes = (await Promise.all(owners)).map(({ code }) => code);
    expect(codes.sort()).toEqual([0, 1, 1, 1]);
  });
});

describe("when the process that started it is killed", () => {
  test("the server ends, and the next one starts at once with its data", async () => {
    const { output } = await runOwner("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50)");
    const port = Number(output);
    const next = await start();
    expect(next.port).not.toBe(port);
    expect(await identify(port)).toBe("refused");
  });

  test("a temporary server ends and its directory goes", async () => {
    const { output } = await runOwner("process.kill(process.pid, 'SIGKILL')", "persistent: false");
    await until(async () => (await identify(Number(output))) === "refused");
  });

  test("a forgotten stop() does not keep the process alive", async () => {
    const { output, code } = await runOwner("", "persistent: false");
    expect(code).toBe(0);
    await until(async () => (await identify(Number(output))) === "refused");
  });
});

/** Starts a Redis in a process of its own that prints the port and then does `then`. */
async function runOwner(then: string, options = ""): Promise<{ output: string; code: number | null }> {
  const code = `
    import { startEmbeddedRedis } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    const redis = await startEmbeddedRedis({ directory: ${JSON.stringify(directory)}, ${options} });
    console.log(redis.port);
    ${then}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", code], { env });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const [exitCode] = await once(child, "close");
  return { output, code: exitCode };
}
