import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RedisImage, RedisProgram, StartableRedis } from "./found-redis.ts";
import { type ServerOptions, toServerArgs } from "./redis-options.ts";
import { run } from "./run.ts";
import type { LastWill } from "./watchdog.ts";

export type Signal = "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT";

/** One run of a server, from spawn to exit. */
export interface Launched {
  /** The server's process id as the server itself sees it; in a container that is 1. */
  readonly ownProcessId: number | undefined;
  /** The server's process id on this machine, unless a container hides it. */
  readonly pid: number | undefined;
  /** What ends this run when our process cannot. */
  readonly lastWill: LastWill;
  /** Resolves when the server has ended, whatever the reason. */
  readonly exited: Promise<void>;
  hasExited(): boolean;
  signal(name: Signal): Promise<void>;
  /** Keeps our process alive while it waits for the exit. */
  ref(): void;
}

export interface LaunchOptions extends ServerOptions {
  /** Receives what the server prints. */
  readonly logFile: string;
}

/** Spawns the server; it may not answer yet. */
export function launch(redis: StartableRedis, options: LaunchOptions): Launched {
  return redis.kind === "program" ? launchProgram(redis, options) : launchImage(redis, options);
}

function launchProgram(redis: RedisProgram, options: LaunchOptions): Launched {
  const args = ["--bind", "127.0.0.1", "--protected-mode", "yes", ...toServerArgs(options)];
  return spawnServer(redis, args, options.logFile);
}

/** Spawns the program as a process of our own. */
export function spawnServer(redis: RedisProgram, args: readonly string[], logFile: string): Launched {
  const child = spawnLogged(redis.command, [...args], { env: redis.env, logFile });
  return {
    ...watchExit(child),
    ownProcessId: child.pid,
    pid: child.pid,
    lastWill: { processId: child.pid },
    async signal(name) {
      child.kill(name);
    },
  };
}

/** Protected mode is off inside: it would refuse Docker's bridge. Only this machine's loopback reaches the port. */
function launchImage(redis: RedisImage, options: LaunchOptions): Launched {
  const { docker, image, env } = redis;
  const { dataDirectory, port, logFile } = options;
  const name = `hookline-redis-${randomBytes(6).toString("hex")}`;
  const server = toServerArgs({ ...options, dataDirectory: "/data", port: 6379 });
  const mounts = ["--volume", `${dataDirectory}:/data`, "--publish", `127.0.0.1:${port}:6379`, ...sameUser()];
  const command = ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", ...server];
  const child = spawnLogged(docker, ["run", "--rm", "--name", name, ...mounts, image, ...command], { env, logFile });
  return {
    ...watchExit(child),
    ownProcessId: 1,
    pid: undefined,
    lastWill: { command: [docker, "stop", "-t", "5", name] },
    async signal(signal) {
      await run(docker, ["kill", "--signal", signal, name], { env });
    },
  };
}

/** The files belong to us, not to the image's user, so that we can remove them. */
function sameUser(): string[] {
  const user = process.getuid?.();
  return user === undefined ? [] : ["--user", `${user}:${process.getgid?.() ?? user}`];
}

function spawnLogged(
  command: string,
  args: string[],
  { env, logFile }: { env: NodeJS.ProcessEnv; logFile: string },
): ChildProcess {
  const log = openSync(logFile, "w");
  try {
    // Detached: a Ctrl-C in the terminal must reach us only; the server ends after those who need it.
    return spawn(command, args, { env, cwd: tmpdir(), stdio: ["ignore", log, log], detached: true });
  } finally {
    closeSync(log);
  }
}

function watchExit(child: ChildProcess): Pick<Launched, "exited" | "hasExited" | "ref"> {
  let isOver = false;
  const exited = new Promise<void>((resolve) => {
    const end = (): void => {
      isOver = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  child.unref();
  return { exited, hasExited: () => isOver, ref: () => child.ref() };
}

/** Where a server's output goes: beside its data. */
export function toLogFile(dataDirectory: string): string {
  return join(dataDirectory, "redis.log");
}
