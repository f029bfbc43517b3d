import { readProcess } from "../../test/faults/support/process-facts.ts";
import { sleep } from "./faults.ts";
import type { World } from "./world.ts";

const PATIENCE_MS = 5000;
const MEGABYTE = 1024 * 1024;

/** What is to stay flat, at one moment. Of the workers the largest. */
export interface Sample {
  readonly second: number;
  readonly ingestMb: number;
  readonly workerMb: number;
  readonly ingestSockets: number;
  readonly workerSockets: number;
  readonly redisMb: number;
  readonly redisKeys: number;
  readonly redisClients: number;
}

/** `undefined` when a process or Redis cannot be asked just now. */
export async function takeSample(world: World, second: number): Promise<Sample | undefined> {
  try {
    const ingest = readProcess(world.ingest.process);
    const workers = world.workers.map((worker) => readProcess(worker.process));
    const answers = Promise.all([world.client.info(), world.client.dbsize()]);
    const answered = await Promise.race([answers, sleep(PATIENCE_MS).then(() => undefined)]);
    if (answered === undefined) return undefined;
    const [info, redisKeys] = answered;
    return {
      second,
      ingestMb: ingest.rssBytes / MEGABYTE,
      workerMb: Math.max(...workers.map(({ rssBytes }) => rssBytes)) / MEGABYTE,
      ingestSockets: ingest.sockets,
      workerSockets: Math.max(...workers.map(({ sockets }) => sockets)),
      redisMb: toNumber(info, "used_memory") / MEGABYTE,
      redisKeys,
      redisClients: toNumber(info, "connected_clients"),
    };
  } catch {
    // Just being replaced.
    return undefined;
  }
}

function toNumber(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? Number.NaN);
}

export const SAMPLE_HEAD =
  "   time  accepted  delivered  unchanged  failed   open  repeated │ ingest  workers │ sockets │  Redis    keys │ faults";

/** One line of the table. */
export function toLine(
  { ledger }: World,
  second: number,
  sample: Sample | undefined,
  faults: readonly string[],
): string {
  const time = `${Math.floor(second / 60)}:${String(Math.round(second) % 60).padStart(2, "0")}`;
  const counts = [ledger.accepted, ledger.delivered, ledger.unchanged, ledger.failures, ledger.open, ledger.repeated];
  const widths = [10, 11, 11, 8, 7, 10];
  const left = time.padStart(7) + counts.map((count, index) => String(count).padStart(widths[index] ?? 8)).join("");
  const right =
    sample === undefined
      ? "│       –        – │       – │      –       –"
      : `│ ${pad(sample.ingestMb, 3)} MB ${pad(sample.workerMb, 5)} MB │ ${pad(sample.ingestSockets, 3)} ${pad(sample.workerSockets, 3)} │ ${pad(sample.redisMb, 3)} MB ${pad(sample.redisKeys, 7)}`;
  return `${left} ${right} │ ${faults.join(", ")}`;
}

function pad(value: number, width: number): string {
  return String(Math.round(value)).padStart(width);
}
