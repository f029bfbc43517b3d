import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { createLogLines } from "./log-lines.ts";

const RUNTIME = fileURLToPath(new URL("../dist/index.js", import.meta.url));

describe("log lines", () => {
  it("of one turn of the event loop are written together, in their order", async () => {
    const written: string[] = [];
    const { stream } = createLogLines((text) => written.push(text));
    stream.write("first\n");
    stream.write("second\n");
    expect(written).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(["first\nsecond\n"]);
    stream.write("third\n");
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(["first\nsecond\n", "third\n"]);
  });

  it("are written at once where nobody can wait, and not twice", async () => {
    const written: string[] = [];
    const { stream, flush } = createLogLines((text) => written.push(text));
    stream.write("urgent\n");
    flush();
    expect(written).toEqual(["urgent\n"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(["urgent\n"]);
  });

  it.each([
    ["it exits in the same turn", "process.exit(0)", 100],
    ["it crashes in the same turn", "throw new Error('boom')", 100],
    ["it is killed after a warning", "log.warn('last'); process.kill(process.pid, 'SIGKILL')", 101],
  ])("are all there when a process ends: %s", async (_how, end, count) => {
    const script = `
      import { createLogger } from ${JSON.stringify(RUNTIME)};
      const log = createLogger({ level: "info", format: "json", app: "test", secrets: [] });
      for (let index = 0; index < 100; index += 1) log.info("line", { index });
      ${end};`;
    const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(count);
    expect(lines.slice(0, 100).map((line) => (JSON.parse(line) as { index: number }).index)).toEqual(
      Array.from({ length: 100 }, (_, index) => index),
    );
  });
});
