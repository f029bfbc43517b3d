import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { ingestVariables } from "@hookline/ingest";
import { workerVariables } from "@hookline/worker";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Stack, startStack } from "./support/stack.ts";

const run = promisify(execFile);
const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), "utf8");
const variables = Object.entries({ ...ingestVariables, ...workerVariables });

describe("README.md", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.stop());

  it("shows curl commands that work when they are pasted", async () => {
    const blocks = [...(await read("README.md")).matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
    const commands = blocks
      .filter((code) => code.includes("curl "))
      .map((code) => code.replaceAll("localhost:4001", stack.address));
    expect(commands.length).toBeGreaterThanOrEqual(3);
    for (const command of commands) {
      const { stdout } = await run("bash", ["-euc", command]);
      expect(stdout).toMatch(/^\{.*\}$/s);
      expect(stdout).not.toContain("urn:hookline:problem:invalid");
      expect(stdout).not.toContain("urn:hookline:problem:not_found");
    }
  });

  it("names no setting that does not exist", async () => {
    const table = [...(await read("README.md")).matchAll(/^\| (`[A-Z][^|]*) \|/gm)].map(([, names]) => names ?? "");
    const named = table.flatMap((names) => [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !variables.some(([known]) => known === name))).toEqual([]);
  });
});

describe(".env.example", () => {
  it("lists every variable with its default and its purpose, and no other", async () => {
    const text = await read(".env.example");
    for (const [name, { defaultText, purpose }] of variables) {
      expect(text).toMatch(new RegExp(`^#?${name}=${quotePattern(defaultText)}$`, "m"));
      expect(text).toContain(purpose.split(/[;:(]/, 1)[0]?.trim());
    }
    const listed = [...text.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(variables.map(([name]) => name).sort());
  });
});

function quotePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
