import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { type LoadOptions, loadProject, type Project, ProjectError } from "../../src/index.ts";

/** Where the project files of a test file lie. */
export const directory = mkdtempSync(join(tmpdir(), "hookline-project-"));
export const path = join(directory, "hookline.yaml");
afterAll(() => rmSync(directory, { recursive: true }));

export const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
export const ENV = {
  URL: "https://hooks.example.com/hidden-path",
  TOKEN: "hidden-token",
  SECRET,
  INBOX: "inbox-token",
  EMPTY: " ",
};

/** Loads a project file of that text. */
export function load(text: string, options: Partial<LoadOptions> = {}): Project {
  writeFileSync(path, text);
  return loadProject({ path, env: ENV, isTargetSecretNeeded: true, ...options });
}

/** The problems of a text, without the directory that the file happens to lie in. */
export function problemsOf(text: string, options: Partial<LoadOptions> = {}): string[] {
  try {
    load(text, options);
  } catch (error) {
    if (error instanceof ProjectError) return error.problems.map((problem) => problem.replaceAll(`${directory}/`, ""));
    throw error;
  }
  return [];
}

/** The problems of one target whose options stand on lines of their own, from line 3. */
export function problemsOfTarget(...options: string[]): string[] {
  return problemsOf(`targets:\n  team:\n${options.map((option) => `    ${option}\n`).join("")}`);
}
