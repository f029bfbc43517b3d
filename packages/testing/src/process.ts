import { type ChildProcess, spawn } from "node:child_process";
import { waitUntil } from "./wait-until.ts";

const STOP_GRACE_MS = 10_000;

export interface SpawnNodeOptions {
  args: string[];
  /** The whole environment: only PATH and HOME are inherited. */
  env?: Record<string, string>;
  cwd?: string;
}

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface SpawnedNode {
  readonly pid: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly exited: Promise<ProcessExit>;
  /** Waits for a line of stdout or stderr, from the start of the output; rejects when the process ends without it. */
  waitForLine(pattern: RegExp | string, timeoutMs?: number): Promise<RegExpMatchArray>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<ProcessExit>;
}

/** Starts a real Node process and collects what it prints. It is killed when this process exits. */
export function spawnNode(options: SpawnNodeOptions): SpawnedNode {
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: { ...toInheritedEnv(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const exited = toExit(child);
  return {
    get pid() {
      return child.pid;
    },
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exited,
    waitForLine: (pattern, timeoutMs) => waitForLine(exited, output, { pattern, timeoutMs: timeoutMs ?? 10_000 }),
    kill: (signal) => void child.kill(signal),
    stop: () => stop(child, exited),
  };
}

function toInheritedEnv(): Record<string, string> {
  const names = ["PATH", "HOME"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

const running = new Set<ChildProcess>();

// One listener for all: a test may start dozens.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

function toExit(child: ChildProcess): Promise<ProcessExit> {
  running.add(child);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // "close" rather than "exit": only then is all output here.
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<ProcessExit>): Promise<ProcessExit> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  return exited.finally(() => clearTimeout(timer));
}

interface Output {
  stdout: string;
  stderr: string;
}

async function waitForLine(
  exited: Promise<ProcessExit>,
  output: Output,
  { pattern, timeoutMs }: { pattern: RegExp | string; timeoutMs: number },
): Promise<RegExpMatchArray> {
  let exit: ProcessExit | undefined;
  const setExit = (value: ProcessExit) => {
    exit = value;
  };
  // A process that could not be started has ended too; `exited` itself tells why.
  exited.then(setExit, () => setExit({ code: null, signal: null }));
  const found = await waitUntil(() => matchLine(output, pattern) ?? exit, {
    what: `the line ${String(pattern)}`,
    timeoutMs,
    intervalMs: 5,
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${toTail(output)}`);
  });
  if (Array.isArray(found)) return found;
  throw new Error(`The process ended (${JSON.stringify(exit)}) without the line ${String(pattern)}\n${toTail(output)}`);
}

function matchLine({ stdout, stderr }: Output, pattern: RegExp | string): RegExpMatchArray | undefined {
  const expression =
    typeof pattern === "string" ? toLiteral(pattern) : new RegExp(pattern, pattern.flags.replace(/[gy]/g, ""));
  for (const line of [...stdout.split("\n"), ...stderr.split("\n")]) {
    const match = line.match(expression);
    if (match) return match;
  }
  return undefined;
}

function toLiteral(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}

function toTail({ stdout, stderr }: Output): string {
  return `stdout: ${stdout.slice(-2000)}\nstderr: ${stderr.slice(-2000)}`;
}
