import { createServer } from "node:net";
import type { Task } from "@hookline/contracts";
import { freePort } from "@hookline/testing";
import type { AppProcess } from "./child.ts";
import type { DemoOptions } from "./demo-options.ts";

const READY_MS = 20_000;
const POLL_MS = 50;

/** `wanted` when nobody listens there, else a free port. */
export async function choosePort(wanted: number): Promise<number> {
  return (await isFree(wanted)) ? wanted : freePort();
}

/** Resolves when ingest and its Redis answer. @throws Error when a process ended or time is up. */
export async function untilReady(address: string, apps: readonly AppProcess[]): Promise<void> {
  const ended = Promise.race(
    apps.map(async ({ name, exited }) => Promise.reject(new Error(`${name} ended with code ${await exited}`))),
  );
  ended.catch(() => undefined);
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    const isReady = fetch(`${address}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (await Promise.race([isReady, ended])) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`ingest was not ready within ${READY_MS} ms`);
}

/** Asks for a digest and returns the task's id. */
export async function postTask(address: string, { username, repository }: DemoOptions): Promise<string> {
  const response = await fetch(`${address}/tasks`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, repository }),
  });
  const body = (await response.json()) as { id?: string };
  if (response.status !== 202 || body.id === undefined)
    throw new Error(`POST /tasks answered ${response.status}: ${JSON.stringify(body)}`);
  return body.id;
}

/** Resolves with the reason when the task fails; never when the digest arrives first. */
export async function untilFailed(address: string, id: string, arrived: Promise<unknown>): Promise<string> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  arrived.then(end, end);
  while (!isOver) {
    const task = (await (await fetch(`${address}/tasks/${id}`)).json()) as Partial<Task>;
    if (task.status === "failed") return `the task failed: ${task.error?.code}: ${task.error?.message}`;
    await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
  }
  return new Promise(() => undefined);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
