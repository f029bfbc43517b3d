import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endServer } from "../embedded-server.ts";
import { findStartableRedis } from "../find-redis.ts";
import { findFreePort } from "../free-port.ts";
import { type Launched, spawnServer, toLogFile } from "../launch.ts";
import { toServerArgs } from "../redis-options.ts";
import { waitUntilReady } from "../wait-until-ready.ts";
import { startWatchdog } from "../watchdog.ts";

/** One server of several that belong together. */
export interface TopologyNode {
  readonly port: number;
  readonly isRunning: boolean;
  /** SIGKILL ends it, and its data stays; SIGSTOP freezes it: its connections stay open and get no answer. */
  fail(signal: MasterFailure): Promise<void>;
  /** Undoes `fail()`. */
  revive(): Promise<void>;
}

export type MasterFailure = "SIGKILL" | "SIGSTOP";

/** Servers in directories of their own, which end with our process at the latest. */
export interface NodeGroup {
  /** Starts a data node. `more` follows the settings that every Hookline's Redis has. */
  startServer(port: number, more?: readonly string[]): Promise<TopologyNode>;
  startSentinel(port: number, settings: readonly string[]): Promise<TopologyNode>;
  stop(): Promise<void>;
}

/** A Cluster's nodes talk to each other on their port plus this. */
const BUS_OFFSET = 10_000;
const LOWEST_CLUSTER_PORT = 12_000;
const BIND = ["--bind", "127.0.0.1", "--protected-mode", "yes"];

/** Finds a `redis-server` program; a container cannot lend its network to a group. */
export async function openNodeGroup(directory: string): Promise<NodeGroup> {
  const redis = await findStartableRedis({ directory });
  if (redis.kind !== "program") throw new Error("Several Redis servers together need a redis-server program here.");
  const parent = await mkdtemp(join(tmpdir(), "hookline-redis-group-"));
  const watchdog = startWatchdog();
  const running = new Set<Launched>();
  const guard = () => {
    const ids = [...running].flatMap(({ pid }) => (pid === undefined ? [] : [String(pid)]));
    watchdog.guard({ ...(ids.length > 0 ? { command: ["kill", "-9", ...ids] } : {}), remove: parent });
  };
  const launch: Launch = async (port, args) => {
    const launched = spawnServer(redis, args, toLogFile(join(parent, String(port))));
    running.add(launched);
    guard();
    // A process id may be given to another program once ours has ended: the watchdog must forget it.
    void launched.exited.then(() => running.delete(launched)).then(guard);
    await waitUntilReady(launched, port, toLogFile(join(parent, String(port))));
    return launched;
  };
  return {
    startServer: (port, more = []) => startServer({ parent, port, more, launch }),
    startSentinel: (port, settings) => startSentinel({ parent, port, settings, launch }),
    async stop() {
      await Promise.all([...running].map((launched) => endServer(launched, "SIGKILL")));
      watchdog.dismiss();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

type Launch = (port: number, args: readonly string[]) => Promise<Launched>;

interface NodePlan {
  readonly parent: string;
  readonly port: number;
  readonly launch: Launch;
}

async function startServer({ more, ...plan }: NodePlan & { more: readonly string[] }): Promise<TopologyNode> {
  const dataDirectory = join(plan.parent, String(plan.port));
  await mkdir(dataDirectory);
  const args = [...BIND, ...toServerArgs({ dataDirectory, port: plan.port, isPersistent: true }), ...more];
  return toNode(plan, args);
}

/** A sentinel keeps what it learns in its configuration file, so it must have one. */
async function startSentinel({ settings, ...plan }: NodePlan & { settings: readonly string[] }): Promise<TopologyNode> {
  const directory = join(plan.parent, String(plan.port));
  await mkdir(directory);
  const file = join(directory, "sentinel.conf");
  await writeFile(file, [`port ${plan.port}`, "bind 127.0.0.1", `dir ${directory}`, ...settings, ""].join("\n"));
  return toNode(plan, [file, "--sentinel"]);
}

async function toNode({ port, launch }: NodePlan, args: readonly string[]): Promise<TopologyNode> {
  let launched = await launch(port, args);
  return {
    port,
    get isRunning() {
      return !launched.hasExited();
    },
    fail: (signal) => (signal === "SIGKILL" ? endServer(launched, signal) : launched.signal(signal)),
    async revive() {
      if (launched.hasExited()) launched = await launch(port, args);
      else await launched.signal("SIGCONT");
    },
  };
}

/** So many different ports that were free a moment ago. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await findFreePort());
  return [...found];
}

/** Ports of a Cluster's nodes, whose bus ports are free as well. All lie below those that systems give away. */
export async function findClusterPorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = LOWEST_CLUSTER_PORT + Math.floor(Math.random() * BUS_OFFSET);
    if ((await isFree(port)) && (await isFree(port + BUS_OFFSET))) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
