import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { errorMessage } from "@hookline/runtime";
import { ProjectError } from "./problems.ts";

const LARGEST_BYTES = 1024 * 1024;

/** Reads the project file. @throws ProjectError when it is missing, larger than 1 MiB or not UTF-8. */
export function readText(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ProjectError([`${path}: is not UTF-8`]);
  }
}

function readBytes(path: string): Buffer {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > LARGEST_BYTES) throw new Error(`larger than 1 MiB (${size} bytes)`);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new ProjectError([`${path}: cannot be read: ${errorMessage(error)} (HOOKLINE_CONFIG names it)`]);
  }
}
