import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { OpenTask } from "./ledger.ts";
import type { World } from "./world.ts";

const MOST_TASKS = 10;
const MOST_LINES = 30;

/** All that is known of tasks that were lost, are open or came twice: their last view, and every app's lines. */
export async function traceTasks({ ingest, workers }: World, tasks: readonly OpenTask[]): Promise<string> {
  if (tasks.length === 0) return "";
  const shown = tasks.slice(0, MOST_TASKS);
  const lines = new Map(shown.map(({ id }): [string, string[]] => [id, []]));
  for (const { logFile } of [ingest, ...workers]) {
    for (const line of (await readFile(logFile, "utf8")).split("\n")) {
      // The ids of a task and of its deliveries differ in their first letter and in what follows.
      for (const [id, found] of lines)
        if (line.includes(id.slice(1))) found.push(`${basename(logFile, ".log")} ${line}`);
    }
  }
  const parts = shown.map(({ id, at, waiting, told }) => {
    const what = waiting.size === 0 ? "came again" : `waits for ${[...waiting].join(" and ")} since`;
    const head = `${id} ${what} ${new Date(at).toISOString()}`;
    const view = `  last view: ${told === undefined ? "none" : JSON.stringify(told)}`;
    const logged = (lines.get(id) ?? []).slice(0, MOST_LINES).map((line) => `  ${line}`);
    return [head, view, ...logged].join("\n");
  });
  return `${parts.join("\n")}\n${tasks.length > shown.length ? `… and ${tasks.length - shown.length} more\n` : ""}`;
}
