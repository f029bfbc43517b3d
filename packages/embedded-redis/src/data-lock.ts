import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "./error-code.ts";
import { identify, shutDown } from "./resp.ts";

interface Holder {
  /** The process that started the server. */
  readonly owner: number;
  readonly port?: number;
  readonly runId?: string;
}

export interface DataLock {
  /** Notes which server now serves the data. */
  record(server: { readonly port: number; readonly runId: string }): Promise<void>;
  release(): Promise<void>;
}

/** How long a start may take before its lock without a server counts as left behind. */
const START_GRACE_MS = 30_000;
/** An orphan's watchdog needs at most 5 s. */
const ORPHAN_GRACE_MS = 6_000;
const POLL_MS = 25;

/** The locks of this very process: after a container's restart a file may name our own process id. */
const held = new Set<string>();

/** Claims a data directory for one server; fails with one sentence when a live one uses it. Leftovers are taken over. */
export async function lockData(dataDirectory: string): Promise<DataLock> {
  await mkdir(dataDirectory, { recursive: true });
  const file = join(dataDirectory, "hookline.lock");
  while (!(await create(file))) {
    await refuseWhileInUse(file, dataDirectory);
    await rm(file, { force: true });
  }
  held.add(file);
  return {
    record: (server) => writeFile(file, JSON.stringify({ owner: process.pid, ...server } satisfies Holder)),
    async release() {
      held.delete(file);
      await rm(file, { force: true });
    },
  };
}

async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify({ owner: process.pid } satisfies Holder), { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

async function refuseWhileInUse(file: string, dataDirectory: string): Promise<void> {
  const holder = await readHolder(file);
  const inUse = isAlive(file, holder.owner) ? await serves(file, holder) : !(await orphanEnds(holder));
  if (!inUse) return;
  const where = holder.port ? `port ${holder.port}, ` : "";
  throw new Error(
    `The Redis data in ${dataDirectory} is in use by another Hookline (${where}process ${holder.owner}): ` +
      "stop that one first, or set REDIS_URL to share its Redis.",
  );
}

/** A half-written or empty file names nobody: its age alone decides. */
async function readHolder(file: string): Promise<Holder> {
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

async function serves(file: string, { port, runId }: Holder): Promise<boolean> {
  if (held.has(file)) return true;
  if (!port) return (await ageMs(file)) < START_GRACE_MS;
  const answer = await identify(port);
  if (typeof answer === "string") return answer === "silent"; // silent: paused or loading
  return answer.runId === runId;
}

/** A server outlives its killed owner for a moment: asks it to end and waits. */
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

function isAlive(file: string, processId: number): boolean {
  if (processId === process.pid) return held.has(file);
  if (processId === 0) return true;
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function ageMs(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
}
