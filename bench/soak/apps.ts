import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { freePort, waitUntil } from "@hookline/testing";

const PATH = (app: string) => fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
const LEAST_RESTART_MS = 1000;

export interface AppOptions {
  readonly app: "ingest" | "worker";
  readonly env: Readonly<Record<string, string>>;
  /** Where all of its processes write what they print: to memory it would be too much. */
  readonly logFile: string;
}

/** One process of Hookline that is started again whenever it ends, as a supervisor would. */
export interface SupervisedApp {
  readonly process: { readonly pid: number | undefined };
  readonly port: number;
  readonly logFile: string;
  /** Ends that nobody asked for. */
  readonly crashes: number;
  /** Ends it so and waits until its successor is ready. */
  replace(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  stop(): Promise<void>;
}

export async function superviseApp({ app, env, logFile }: AppOptions): Promise<SupervisedApp> {
  const port = await freePort();
  const settings = { ...env, [app === "ingest" ? "PORT" : "WORKER_PORT"]: String(port) };
  let crashes = 0;
  let isAskedFor = false;
  let isOver = false;
  let running = start();
  function start(): Running {
    const started = run(PATH(app), settings, logFile);
    void started.exited.then(() => {
      if (isAskedFor || isOver) return;
      crashes += 1;
      process.stderr.write(`${app} ended by itself: ${readFileSync(logFile, "utf8").slice(-500)}\n`);
      setTimeout(() => {
        if (!isOver) running = start();
      }, LEAST_RESTART_MS);
    });
    return started;
  }
  const untilReady = () =>
    waitUntil(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok, {
      what: `${app} is ready`,
      timeoutMs: 60_000,
      intervalMs: 100,
    });
  await untilReady();
  return {
    get process() {
      return running;
    },
    port,
    logFile,
    get crashes() {
      return crashes;
    },
    async replace(signal) {
      isAskedFor = true;
      running.kill(signal);
      await running.exited;
      isAskedFor = false;
      running = start();
      await untilReady();
    },
    async stop() {
      isOver = true;
      running.kill("SIGTERM");
      await running.exited;
    },
  };
}

interface Running {
  readonly pid: number | undefined;
  readonly exited: Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

function run(path: string, env: Readonly<Record<string, string>>, logFile: string): Running {
  const file = openSync(logFile, "a");
  const inherited = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
  const child = spawn(process.execPath, [path], { env: { ...inherited, ...env }, stdio: ["ignore", file, file] });
  closeSync(file);
  const killWithParent = () => void child.kill("SIGKILL");
  process.once("exit", killWithParent);
  const exited = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      process.off("exit", killWithParent);
      resolve();
    });
  });
  return { pid: child.pid, exited, kill: (signal) => void child.kill(signal) };
}
