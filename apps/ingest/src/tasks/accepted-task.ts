import type { AcceptedTask } from "@hookline/contracts";
import type { Dependencies } from "../dependencies.ts";
import type { Accepted } from "./accept.ts";
import { findTask } from "./find.ts";
import { toNewTask } from "./task-view.ts";

/** What a client is told of a request that was accepted: the new task, or the one that waits already. */
export async function toAcceptedTask(deps: Dependencies, { task, isDuplicate }: Accepted): Promise<AcceptedTask> {
  // A duplicate that has just been cleared away is told as it was when it was asked for again.
  const known = isDuplicate ? await findTask(deps, task.id) : undefined;
  return { ok: "task successfully scheduled", ...(known ?? toNewTask(task)), duplicate: isDuplicate };
}
