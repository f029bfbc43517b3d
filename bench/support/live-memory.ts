import type { SpawnedNode } from "@hookline/testing";
import { WebSocket } from "undici";

/** What a process holds, in bytes. */
export interface Memory {
  /** JavaScript objects that are still in use. */
  readonly heap: number;
  readonly resident: number;
}

/** Lets the debugger take any free port; each process prints its own. */
export const DEBUGGER_ENV = { NODE_OPTIONS: "--inspect-port=0" };

const DEBUGGER_LINE = /Debugger listening on (ws:\S+)/;
const TIMEOUT_MS = 30_000;

/**
 * Collects a process's garbage from outside and tells what is left. SIGUSR1 opens Node's debugger, whose protocol has a
 * call for it: without one, what `/metrics` tells depends on when the last collection happened to be.
 */
export async function readLiveMemory(app: SpawnedNode): Promise<Memory> {
  if (!DEBUGGER_LINE.test(app.stderr)) app.kill("SIGUSR1");
  const [, address = ""] = await app.waitForLine(DEBUGGER_LINE, TIMEOUT_MS);
  const session = await openSession(address);
  // What a first collection finalises, the second one frees.
  for (let pass = 0; pass < 2; pass += 1) await session.call("HeapProfiler.collectGarbage");
  const read = async (expression: string) => toNumber(await session.call("Runtime.evaluate", { expression }));
  const heap = await read("process.memoryUsage().heapUsed");
  const resident = await read("process.memoryUsage().rss");
  session.close();
  return { heap, resident };
}

interface Session {
  call(method: string, params?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

async function openSession(address: string): Promise<Session> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error(`no debugger at ${address}`)));
  });
  let lastId = 0;
  return {
    call(method, params = {}) {
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      });
    },
    close: () => socket.close(),
  };
}

function toNumber(result: unknown): number {
  const { result: remote } = result as { result?: { value?: unknown } };
  if (typeof remote?.value !== "number") throw new Error(`the debugger answered ${JSON.stringify(result)}`);
  return remote.value;
}
