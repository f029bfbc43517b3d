import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { freePort, waitUntil } from "@hookline/testing";

/** A server that loads are put on, a Node process of its own. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface ContenderOptions {
  readonly name: string;
  /** Node's arguments. */
  readonly args: readonly string[];
  /** The whole environment beside PATH and PORT. */
  readonly env: Readonly<Record<string, string>>;
  /** What it prints is written here. */
  readonly logFile: string;
}

/** Starts a server and waits until it takes `POST /tasks`. */
export async function startContender({ name, args, env, logFile }: ContenderOptions): Promise<Contender> {
  const log = await open(logFile, "w");
  const PORT = String(await freePort());
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, PORT, ...env },
    stdio: ["ignore", log.fd, log.fd],
  });
  await log.close();
  process.once("exit", () => child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${PORT}/tasks`;
  await waitUntil(() => isUp(url), { what: `${name} answers 202 (it printed to ${logFile})`, timeoutMs: 30_000 });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { name, url, pid: child.pid, stop };
}

async function isUp(url: string): Promise<boolean> {
  const body = JSON.stringify({ username: "octocat", repository: "first" });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body }).catch(() => undefined);
  return answer?.status === 202;
}
