import { mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Apt, createApt } from "./apt.ts";
import type { RedisProgram, SearchOptions } from "./found-redis.ts";
import { findProgram, isExecutable } from "./programs.ts";
import { run } from "./run.ts";

/** Debian ships server and checker as one binary that looks at the name it was called by. */
const SERVER_NAMES = ["redis-server", "valkey-server"];
const BINARY_NAMES = ["redis-check-rdb", "redis-check-aof", "valkey-check-rdb", "valkey-check-aof"];
const PACKAGES = ["redis-tools", "valkey-tools"];

/**
 * On Debian and Ubuntu: the distribution's Redis, unpacked under `directory` without root and kept for the next time.
 * `undefined` on other systems. Several processes may do this at once: each unpacks apart, the first to finish is kept.
 */
export async function findDebianPackage({ directory, log, env }: SearchOptions): Promise<RedisProgram | undefined> {
  const kept = resolve(directory, "redis-package");
  const ready = await openPackage(kept, env);
  if (ready) return ready;
  if (!(await findProgram(["apt-get"], env)) || !(await findProgram(["dpkg"], env))) return undefined;
  log("No Redis on PATH: unpacking the distribution's package (no root needed, once)…");
  await unpackInto(kept, env);
  const unpacked = await openPackage(kept, env);
  if (!unpacked) throw new Error("the distribution's Redis package was unpacked but does not run");
  return unpacked;
}

async function openPackage(root: string, env: NodeJS.ProcessEnv): Promise<RedisProgram | undefined> {
  const command = await findFile(root, SERVER_NAMES);
  if (!command) return undefined;
  const withLibraries = { ...env, LD_LIBRARY_PATH: await libraryPath(root, env) };
  try {
    await run(command, ["--version"], { env: withLibraries });
  } catch {
    return undefined; // left by another system or architecture: the caller replaces it
  }
  return { kind: "program", command, env: withLibraries, source: "Debian package under .hookline" };
}

async function unpackInto(kept: string, env: NodeJS.ProcessEnv): Promise<void> {
  const parent = resolve(kept, "..", "apt");
  await mkdir(parent, { recursive: true });
  const workplace = await mkdtemp(join(parent, "unpack-"));
  try {
    const root = join(workplace, "root");
    for (const file of await downloadPackages(await createApt(workplace, env)))
      await run("dpkg", ["-x", file, root], { env });
    await nameServer(root);
    await keep(root, kept, env);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

/** With the system's package lists, else (a fresh image has none, old ones lead nowhere) with lists of our own. */
async function downloadPackages(apt: Apt): Promise<string[]> {
  try {
    return await downloadAny(apt);
  } catch {
    await apt.update();
    return downloadAny(apt);
  }
}

async function downloadAny(apt: Apt): Promise<string[]> {
  const failures: unknown[] = [];
  for (const name of PACKAGES) {
    try {
      return await apt.download(name);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

async function nameServer(root: string): Promise<void> {
  if (await findFile(root, SERVER_NAMES)) return;
  const binary = await findFile(root, BINARY_NAMES);
  if (!binary) throw new Error("the distribution's Redis package holds no server");
  await symlink(binary.slice(binary.lastIndexOf("/") + 1), join(binary, "..", "redis-server"));
}

async function keep(root: string, kept: string, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await rename(root, kept);
  } catch (error) {
    if (await openPackage(kept, env)) return; // another process was faster
    await rm(kept, { recursive: true, force: true });
    await rename(root, kept).catch(() => {
      throw error;
    });
  }
}

async function findFile(root: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(root, "usr", "bin", name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function libraryPath(root: string, env: NodeJS.ProcessEnv): Promise<string> {
  const directories = ["lib", "usr/lib"].map((name) => join(root, name));
  const nested = await Promise.all(directories.map(architectureDirectories));
  return [...nested.flat(), ...directories, env.LD_LIBRARY_PATH].filter(Boolean).join(":");
}

async function architectureDirectories(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []); // packages need not have both directories
  return names.filter((name) => name.includes("-linux-")).map((name) => join(directory, name));
}
