import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { SpawnedNode } from "@hookline/testing";

/** What the kernel knows of a process. @throws Error when it is gone, or where there is no /proc. */
export interface ProcessFacts {
  readonly rssBytes: number;
  /** The most it has ever been. */
  readonly peakBytes: number;
  readonly sockets: number;
}

export function readProcess({ pid }: Pick<SpawnedNode, "pid">): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const toBytes = (name: string): number => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    if (kilobytes === undefined) throw new Error(`process ${pid} tells no ${name}`);
    return Number(kilobytes) * 1024;
  };
  return { rssBytes: toBytes("VmRSS"), peakBytes: toBytes("VmHWM"), sockets: countSockets(`/proc/${pid}/fd`) };
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
