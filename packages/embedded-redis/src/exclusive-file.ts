import { rm, stat, writeFile } from "node:fs/promises";
import { hasCode } from "./error-code.ts";

/** Creates a file unless it exists, in one step that only one process can win; tells whether it did. */
export async function createExclusively(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes a file that its owner must have left behind, because it is older than this. */
export async function removeIfOlder(file: string, thanMs: number): Promise<void> {
  if ((await ageMs(file)) > thanMs) await rm(file, { force: true });
}

/** Since the file was last written; 0 for one that is gone. */
export async function ageMs(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}
