import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "./error-code.ts";
import { ageMs } from "./exclusive-file.ts";
import { identify, shutDown } from "./resp.ts";

/** What a lock file says. */
export interface Holder {
  /** The process that started the server; 0 in a file that is still being written. */
  readonly owner: number;
  readonly port?: number;
  readonly runId?: string;
}

/** How long a start may take before its lock without a server counts as left behind. */
const START_GRACE_MS = 30_000;
/** An orphan's watchdog needs at most 5 s. */
const ORPHAN_GRACE_MS = 6_000;
const POLL_MS = 25;

export async function readHolder(file: string): Promise<Holder> {
  const parsed: unknown = await readFile(file, "utf8")
    .then(JSON.parse)
    .catch(() => undefined);
  const known = typeof parsed === "object" && parsed !== null ? parsed : {};
  return {
    owner: "owner" in known && typeof known.owner === "number" ? known.owner : 0,
    ...("port" in known && typeof known.port === "number" && { port: known.port }),
    ...("runId" in known && typeof known.runId === "string" && { runId: known.runId }),
  };
}

/** Whether the holder's server is, or soon will be, at work. An orphaned server is asked to end and waited for. */
export async function isInUse(file: string, holder: Holder): Promise<boolean> {
  return isAlive(holder.owner) ? serves(file, holder) : !(await orphanEnds(holder));
}

/** Our own id means an earlier process that had it, as after a container's restart: what we hold is never asked about. */
function isAlive(processId: number): boolean {
  if (processId === process.pid) return false;
  if (processId === 0) return true;
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

/** The owner's id alone proves little, for the system gives ids away again; its server must answer too. */
async function serves(file: string, { port, runId }: Holder): Promise<boolean> {
  if (!port) return (await ageMs(file)) < START_GRACE_MS;
  const answer = await identify(port);
  if (typeof answer === "string") return answer === "silent"; // paused or loading
  return answer.runId === runId;
}

async function orphanEnds({ port, runId }: Holder): Promise<boolean> {
  if (!port) return true;
  const deadline = Date.now() + ORPHAN_GRACE_MS;
  while (Date.now() < deadline) {
    const answer = await identify(port);
    if (answer === "refused") return true;
    if (typeof answer !== "string") {
      if (answer.runId !== runId) return true;
      await shutDown(port);
    }
    await delay(POLL_MS);
  }
  return false;
}
