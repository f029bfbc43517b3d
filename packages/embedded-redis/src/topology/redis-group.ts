import { setTimeout as delay } from "node:timers/promises";
import { PortTakenError } from "../wait-until-ready.ts";
import { type MasterFailure, type NodeGroup, openNodeGroup } from "./node.ts";

/** Several Redis servers that stand in for each other; they live no longer than the process that started them. */
export interface RedisGroup {
  readonly kind: "sentinel" | "cluster";
  /** The variables that lead Hookline there. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the master that has a key with SIGKILL, or freezes it with SIGSTOP. */
  killMaster(key: string, signal?: MasterFailure): Promise<void>;
  /** Brings failed servers back and waits until they follow whoever took over. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisGroupOptions {
  /** Hookline's private directory, usually `.hookline`; an obtained package is kept there. */
  readonly directory: string;
}

const START_TRIES = 3;
const PATIENCE_MS = 60_000;
const POLL_MS = 50;

/** Starts a group, once more when somebody else takes one of its ports first. */
export async function startGroup(
  { directory }: RedisGroupOptions,
  start: (nodes: NodeGroup) => Promise<RedisGroup>,
): Promise<RedisGroup> {
  for (let left = START_TRIES; ; left--) {
    const nodes = await openNodeGroup(directory);
    try {
      return await start(nodes);
    } catch (error) {
      await nodes.stop();
      if (!(error instanceof PortTakenError) || left === 1) throw error;
    }
  }
}

/** Polls until a condition holds; one that throws does not hold yet. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let last = "";
  while (Date.now() < deadline) {
    const holds = await condition().catch((error: unknown) => {
      last = `: ${String(error)}`;
      return false;
    });
    if (holds) return;
    await delay(POLL_MS);
  }
  throw new Error(`Waited ${PATIENCE_MS / 1000} s in vain until ${what}${last}`);
}
