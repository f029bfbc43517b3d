import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { SpawnedNode } from "@hookline/testing";

/** What the kernel knows of a process. @throws Error when it is gone, or where there is no /proc. */
export interface ProcessFacts {
  readonly rssBytes: number;
  readonly sockets: number;
}

export function readProcess({ pid }: Pick<SpawnedNode, "pid">): ProcessFacts {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} tells no size`);
  return { rssBytes: Number(kilobytes) * 1024, sockets: countSockets(`/proc/${pid}/fd`) };
}

function countSockets(directory: string): number {
  return readdirSync(directory).filter((name) => {
    try {
      return readlinkSync(`${directory}/${name}`).startsWith("socket:");
    } catch {
      // Closed between the two looks.
      return false;
    }
  }).length;
}
