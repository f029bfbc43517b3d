import { fileURLToPath } from "node:url";
import { freePort, type SpawnedNode, spawnNode, waitUntil } from "@hookline/testing";

const PATH = (app: string) => fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));

/** One process of Hookline that is started again whenever it ends, as a supervisor would. */
export interface SupervisedApp {
  readonly process: SpawnedNode;
  readonly port: number;
  /** Ends that nobody asked for. */
  readonly crashes: number;
  /** Ends it so and waits until its successor is ready. */
  replace(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  stop(): Promise<void>;
}

export async function superviseApp(app: "ingest" | "worker", env: Record<string, string>): Promise<SupervisedApp> {
  const port = await freePort();
  const settings = { ...env, [app === "ingest" ? "PORT" : "WORKER_PORT"]: String(port) };
  let crashes = 0;
  let isAskedFor = false;
  let isOver = false;
  let running = start();
  function start(): SpawnedNode {
    const started = spawnNode({ args: [PATH(app)], env: settings });
    void started.exited.then(() => {
      if (isAskedFor || isOver) return;
      crashes += 1;
      process.stderr.write(`${app} ended by itself: ${started.stderr.slice(-500)}\n`);
      running = start();
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
      await running.stop();
    },
  };
}
