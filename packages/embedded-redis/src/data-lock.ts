import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Holder, isInUse, readHolder } from "./data-holder.ts";
import { createExclusively, removeIfOlder } from "./exclusive-file.ts";

export interface DataLock {
  /** Notes which server now serves the data. */
  record(server: { readonly port: number; readonly runId: string }): Promise<void>;
  release(): Promise<void>;
}

/** Longer than any takeover lasts, so that one who died in the middle of it blocks nobody for ever. */
const TAKEOVER_TIMEOUT_MS = 15_000;
const POLL_MS = 25;

/** The locks of this very process. */
const held = new Set<string>();

/** Claims a data directory for one server; fails with one sentence when a live one uses it. Leftovers are taken over. */
export async function lockData(dataDirectory: string): Promise<DataLock> {
  await mkdir(dataDirectory, { recursive: true });
  const file = join(dataDirectory, "hookline.lock");
  while (!(await createExclusively(file, toContent()))) await removeLeftover(file, dataDirectory);
  held.add(file);
  return {
    record: (server) => writeFile(file, toContent(server)),
    async release() {
      await rm(file, { force: true });
      held.delete(file);
    },
  };
}

/** Only one process at a time may judge and remove a lock: else one removes what another has just created. */
async function removeLeftover(file: string, dataDirectory: string): Promise<void> {
  const takeover = `${file}.takeover`;
  if (!(await createExclusively(takeover, ""))) {
    await removeIfOlder(takeover, TAKEOVER_TIMEOUT_MS);
    await delay(POLL_MS);
    return;
  }
  try {
    const holder = await readHolder(file);
    if (held.has(file) || (await isInUse(file, holder))) throw new Error(toRefusal(dataDirectory, holder));
    await rm(file, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

function toContent(server: Partial<Holder> = {}): string {
  return JSON.stringify({ owner: process.pid, ...server } satisfies Holder);
}

function toRefusal(dataDirectory: string, { port, owner }: Holder): string {
  const where = [port && `port ${port}`, owner && `process ${owner}`].filter(Boolean).join(", ") || "just starting";
  return (
    `The Redis data in ${dataDirectory} is in use by another Hookline (${where}): ` +
    "stop that one first, or set REDIS_URL to share its Redis."
  );
}
