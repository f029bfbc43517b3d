import { execFile } from "node:child_process";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs a program to its end and returns its standard output; fails with the program's last error line. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { cwd, env, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const settings = { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES, ...(cwd && { cwd }), ...(env && { env }) };
  return new Promise((resolve, reject) => {
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command}: ${lastLine(stderr) ?? error.message}`, { cause: error }));
    });
  });
}

function lastLine(text: string): string | undefined {
  return text.trim().split("\n").at(-1) || undefined;
}
