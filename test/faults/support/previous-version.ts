import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type SpawnedNode, spawnNode } from "@hookline/testing";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** What stands for the previous version until a release is tagged: the last commit before faults were tried. */
const BEFORE_RELEASES = "a14484a";
const run = promisify(execFile);

/**
 * The newest release before this commit, else what ran before the first one; `undefined` when the history does not
 * reach back to it, as a shallow clone's does not.
 */
export function findPreviousVersion(): string | undefined {
  const tag = git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD~1");
  return git("rev-parse", "--verify", "--quiet", `${tag ?? BEFORE_RELEASES}^{commit}`);
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

export interface PreviousVersion {
  start(app: "ingest" | "worker", env: Readonly<Record<string, string>>): SpawnedNode;
  remove(): Promise<void>;
}

/** Lays a version's sources out beside today's dependencies. It runs unbuilt. */
export async function unpackVersion(commit: string): Promise<PreviousVersion> {
  const directory = await mkdtemp(join(tmpdir(), "hookline-previous-"));
  await run("sh", ["-c", `git -C "${ROOT}" archive ${commit} apps packages | tar -x -C "${directory}"`]);
  await linkModules(ROOT, directory, (name) => name !== "@hookline");
  await mkdir(join(directory, "node_modules", "@hookline"));
  for (const name of await readdir(join(directory, "packages"))) {
    await symlink(join(directory, "packages", name), join(directory, "node_modules", "@hookline", name));
  }
  for (const app of ["ingest", "worker"]) await linkModules(join(ROOT, "apps", app), join(directory, "apps", app));
  return {
    start: (app, env) =>
      spawnNode({
        args: ["--import", "tsx", "--conditions=@hookline/source", join(directory, "apps", app, "src", "main.ts")],
        cwd: directory,
        env: { ...env },
      }),
    remove: () => rm(directory, { recursive: true }),
  };
}

async function linkModules(from: string, to: string, isMeant = (_name: string) => true): Promise<void> {
  const source = join(from, "node_modules");
  if (!existsSync(source)) return;
  await mkdir(join(to, "node_modules"), { recursive: true });
  const names = (await readdir(source)).filter(isMeant);
  await Promise.all(names.map((name) => symlink(join(source, name), join(to, "node_modules", name))));
}
