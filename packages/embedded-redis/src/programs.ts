import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

const SUFFIXES = process.platform === "win32" ? [".exe", ".cmd"] : [""];

/** The full path of the first of these programs that is on PATH. */
export async function findProgram(names: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const directories = (env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
  for (const name of names) {
    for (const directory of directories) {
      for (const suffix of SUFFIXES) {
        const path = join(directory, name + suffix);
        if (await isExecutable(path)) return path;
      }
    }
  }
  return undefined;
}

/** Whether this file exists and may be run by us. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
