import type { Task, TaskStatus } from "@hookline/contracts";
import type { Dependencies } from "../dependencies.ts";
import { findTask } from "./find.ts";

export interface TaskFilter {
  readonly status?: TaskStatus;
  readonly username?: string;
  readonly repository?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export interface TaskPage {
  readonly data: readonly Task[];
  readonly nextCursor: string | null;
}

/** Tasks looked at for one page: a rare filter over many tasks takes several pages, each quick. */
const MOST_SCANNED = 1000;
const SMALLEST_CHUNK = 50;

/** Lists tasks, the newest first. A page may be short of `limit` and still name a next one. */
export async function listTasks(deps: Dependencies, filter: TaskFilter): Promise<TaskPage> {
  const data: Task[] = [];
  let cursor = filter.cursor;
  for (let scanned = 0; scanned < MOST_SCANNED; ) {
    const ids = await nextIds(deps, cursor, Math.max(SMALLEST_CHUNK, filter.limit));
    if (ids.length === 0) return { data, nextCursor: null };
    const tasks = await Promise.all(ids.map((id) => findTask(deps, id)));
    await forget(
      deps,
      ids.filter((_, index) => tasks[index] === undefined),
    );
    for (const [index, task] of tasks.entries()) {
      if (task !== undefined && matches(task, filter)) data.push(task);
      if (data.length === filter.limit) return { data, nextCursor: await cursorAfter(deps, ids[index]) };
    }
    cursor = ids.at(-1);
    scanned += ids.length;
  }
  return { data, nextCursor: await cursorAfter(deps, cursor) };
}

function matches(task: Task, { status, username, repository }: TaskFilter): boolean {
  return (
    (status === undefined || task.status === status) &&
    (username === undefined || task.username?.toLowerCase() === username.toLowerCase()) &&
    (repository === undefined || task.repository?.toLowerCase() === repository.toLowerCase())
  );
}

function nextIds({ redis, keys }: Dependencies, after: string | undefined, count: number): Promise<string[]> {
  return redis.zrevrangebylex(keys.taskIndex, after === undefined ? "+" : `(${after}`, "-", "LIMIT", 0, count);
}

async function cursorAfter(deps: Dependencies, id: string | undefined): Promise<string | null> {
  if (id === undefined) return null;
  return (await nextIds(deps, id, 1)).length > 0 ? id : null;
}

/** Tasks that retention cleared away leave the index when they are met; recent ones may be on their way in. */
async function forget({ redis, keys }: Dependencies, ids: readonly string[]): Promise<void> {
  const old = ids.filter((id) => Date.now() - Number.parseInt(id.slice(1, 13), 16) > 60_000);
  if (old.length > 0) await redis.zrem(keys.taskIndex, ...old);
}
