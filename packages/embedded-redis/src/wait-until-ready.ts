import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Launched } from "./launch.ts";
import { type Identity, identify } from "./resp.ts";

const POLL_MS = 5;
/** Generous, because a large append-only file takes its time to load. */
const READY_TIMEOUT_MS = 120_000;

/** The port was taken between finding it free and listening on it. */
export class PortTakenError extends Error {}

/**
 * Waits until this very server answers PING: another program's Redis on the same port does not count. Throws
 * `PortTakenError` or one sentence with the server's last words when it ends instead.
 */
export async function waitUntilReady(server: Launched, port: number, logFile: string): Promise<Identity> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.hasExited()) throw await toStartError(port, logFile);
    const answer = await Promise.race([identify(port), server.exited.then(() => "refused" as const)]);
    if (typeof answer !== "string" && answer.processId === server.ownProcessId) return answer;
    await delay(POLL_MS);
  }
  await server.signal("SIGKILL");
  throw new Error(`Redis did not answer on port ${port} within ${READY_TIMEOUT_MS / 1000} s.`);
}

async function toStartError(port: number, logFile: string): Promise<Error> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  if (/address already in use|port is already allocated/i.test(log)) {
    return new PortTakenError(`Redis could not start: port ${port} is taken.`);
  }
  const lastWords = log.trim().split("\n").slice(-3).join(" / ");
  return new Error(`Redis ended before it answered: ${lastWords || "it printed nothing"}`);
}
