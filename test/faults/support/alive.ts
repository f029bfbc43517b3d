import type { SpawnedNode } from "@hookline/testing";
import { expect } from "@jest/globals";
import type { Stack } from "../../e2e/support/stack.ts";

export interface Probed {
  readonly healthz: number;
  readonly readyz: number;
  /** What `/readyz` says. */
  readonly ready: Record<string, unknown>;
}

/** What ingest and every worker that runs say of themselves, ingest first. */
export async function probes(stack: Stack): Promise<Probed[]> {
  const addresses = await Promise.all(stack.workers.filter(isRunning).map(toAddress));
  return Promise.all([stack.address, ...addresses].map(probe));
}

/** Asks an app's `/healthz` and `/readyz`. */
export async function probe(address: string): Promise<Probed> {
  const [health, ready] = await Promise.all(["/healthz", "/readyz"].map((path) => fetch(address + path)));
  if (health === undefined || ready === undefined) throw new Error("there are two probes");
  await health.arrayBuffer();
  return { healthz: health.status, readyz: ready.status, ready: (await ready.json()) as Record<string, unknown> };
}

/** The address of a worker's own routes. */
export async function toAddress(worker: SpawnedNode): Promise<string> {
  const [, port] = await worker.waitForLine(/"worker\.started".*"port":(\d+)/);
  return `http://127.0.0.1:${port}`;
}

/** Nobody was restarted: whoever was started still runs. */
export function expectAlive(stack: Stack): void {
  expect([stack.ingest, ...stack.workers].every(isRunning)).toBe(true);
}

/** Answers came within a second as a rule, and never hung: a busy machine may be late now and then. */
export function expectPrompt(durationsMs: readonly number[]): void {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(1200);
  expect(sorted.at(-1)).toBeLessThan(6000);
}

function isRunning({ pid }: SpawnedNode): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
