import { readFile } from "node:fs/promises";

/** Linux counts a process's time in hundredths of a second, whatever the kernel's own tick is (proc(5), getconf CLK_TCK). */
const TICK_US = 10_000;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** The CPU time a process has taken so far, user and system, µs; `NaN` where there is no `/proc`. */
export async function readCpuUs(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return Number.NaN;
  // The name before the last bracket may contain blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_US;
}
