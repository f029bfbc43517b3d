import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { escapeUnseen } from "./logger.ts";

const RUNTIME = fileURLToPath(new URL("../dist/index.js", import.meta.url));

const INJECTIONS = [
  'a\n{"level":"info","event":"forged"}',
  "a\r\n12:00:00.000 info ingest forged",
  '","event":"forged","x":"',
  "\u001b[2J\u001b]0;title\u0007\u001b]8;;https://x.example\u0007link",
  "\u009b31m\u009d0;title\u009c",
  "\u0085next\u2028line\u2029paragraph",
  "\u202egnp.exe\u2066\u2069\u200f\u061c",
  "zero\u200bwidth\ufeff\u00ad\u{e0041}",
  "\ud800 lone",
  "\0\b\u007f",
  " = key=value",
];

async function write(format: "json" | "text"): Promise<string[]> {
  const script = `
    import { createLogger } from ${JSON.stringify(RUNTIME)};
    const log = createLogger({ level: "info", format: "${format}", app: "test", secrets: [] });
    for (const text of ${JSON.stringify(INJECTIONS)}) {
      log.info("line", { text, list: [text], inner: { [text]: text }, error: new Error(text).message });
      log.warn(text);
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  return stdout.trimEnd().split("\n");
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe("a log line, whatever is in it,", () => {
  it("is one line of JSON that says what it was given", async () => {
    const lines = await write("json");
    expect(lines).toHaveLength(2 * INJECTIONS.length);
    expect(lines.filter((line) => UNSEEN.test(line))).toEqual([]);
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.filter((_, index) => index % 2 === 0)).toMatchObject(
      INJECTIONS.map((text) => ({ level: "info", event: "line", text, list: [text], inner: { [text]: text } })),
    );
    expect(told.filter((_, index) => index % 2 === 1)).toMatchObject(
      INJECTIONS.map((event) => ({ level: "warn", event })),
    );
  });

  it("is one line of text that a terminal obeys nothing of", async () => {
    const lines = await write("text");
    expect(lines).toHaveLength(2 * INJECTIONS.length);
    expect(lines.filter((line) => UNSEEN.test(line))).toEqual([]);
    expect(lines.filter((line) => !/^\d\d:\d\d:\d\d\.\d{3} (info|warn) test /.test(line))).toEqual([]);
  });
});

it("only what is not seen is escaped, line breaks of a text left as they are", () => {
  expect(escapeUnseen("plain\ntext é 🙂 日本語")).toBe("plain\ntext é 🙂 日本語");
  expect(escapeUnseen("\u001b[1m\u009b\u202e\u{e0041}")).toBe("\\u001b[1m\\u009b\\u202e\\udb40\\udc41");
});
