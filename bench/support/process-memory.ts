/** What a process holds, in bytes. */
export interface Memory {
  /** Used by JavaScript objects. */
  readonly heap: number;
  readonly resident: number;
}

const SAMPLES = 40;
const EVERY_MS = 100;

/** The least of the samples of some seconds. Each scrape makes some garbage, so that the heap is collected meanwhile. */
export async function readLeastMemory(address: string): Promise<Memory> {
  const samples: Memory[] = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    samples.push(parseMemory(await (await fetch(`${address}/metrics`)).text()));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  return {
    heap: Math.min(...samples.map(({ heap }) => heap)),
    resident: Math.min(...samples.map(({ resident }) => resident)),
  };
}

/** Reads what prom-client tells of every process. */
export function parseMemory(metrics: string): Memory {
  const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(metrics)?.[1]);
  return { heap: read("nodejs_heap_size_used_bytes"), resident: read("process_resident_memory_bytes") };
}
