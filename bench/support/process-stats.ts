import { readFileSync } from "node:fs";

/** What `/proc` counts in: 100 a second on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used, in user mode and in the kernel. @throws where there is no `/proc`, or no such process. */
export function readCpuSeconds(pid: number): number {
  return parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** The same from the text of `/proc/<pid>/stat`: the program's name, in brackets, may itself hold brackets and blanks. */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What the whole machine did since it was started, in core-seconds. */
export interface MachineTime {
  readonly busy: number;
  readonly total: number;
}

/** @throws where there is no `/proc`. */
export function readMachineTime(): MachineTime {
  return parseMachineTime(readFileSync("/proc/stat", "utf8"));
}

/** The first line of `/proc/stat`. Waiting for a disk is idle; guests' time is part of the user's. */
export function parseMachineTime(stat: string): MachineTime {
  const ticks = (stat.split("\n", 1)[0] ?? "").trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: (total - idle) / TICKS_PER_SECOND, total: total / TICKS_PER_SECOND };
}

/** How much of all cores was in use, from 0 to 1, and by whom, in cores. */
export interface CpuUse {
  readonly machineShare: number;
  readonly cores: Readonly<Record<string, number>>;
}

/** Begins to watch the machine and some processes; the function returned tells what they used since. */
export function watchCpu(pids: Readonly<Record<string, number | undefined>>): () => CpuUse {
  const read = () => Object.entries(pids).map(([, pid]) => (pid === undefined ? 0 : readCpuSeconds(pid)));
  const [startedAt, machine, used] = [performance.now(), readMachineTime(), read()];
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    const [now, usedNow] = [readMachineTime(), read()];
    const cores = Object.keys(pids).map((name, index) => [
      name,
      ((usedNow[index] ?? 0) - (used[index] ?? 0)) / seconds,
    ]);
    return {
      machineShare: (now.busy - machine.busy) / (now.total - machine.total),
      cores: Object.fromEntries(cores),
    };
  };
}
