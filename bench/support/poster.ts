import { Pool } from "undici";

export interface Poster {
  /** Posts one task and returns its id. @throws when it is not accepted with 202. */
  post(task: unknown): Promise<string>;
  /** Posts tasks one by one, `atOnce` under way. */
  postAll(tasks: readonly unknown[], atOnce: number): Promise<void>;
  /** Posts tasks a thousand a request. @throws when not all are accepted. */
  postBatches(tasks: readonly unknown[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

const LARGEST_BATCH = 1000;
const HEADERS = { "content-type": "application/json" };

/** A client of ingest, or of whatever answers `POST /tasks` with 202 and an id. */
export function createPoster(address: string, connections = 32): Poster {
  const pool = new Pool(address, { connections });
  const send = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const answer = await pool.request({ path, method: "POST", headers: HEADERS, body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode !== 202) throw new Error(`POST ${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const post = async (task: unknown) => String((await send("/tasks", task)).id);
  return {
    post,
    postAll: (tasks, atOnce) => forEachAtOnce(tasks, atOnce, async (task) => void (await post(task))),
    async postBatches(tasks) {
      const ids: string[] = [];
      for (let start = 0; start < tasks.length; start += LARGEST_BATCH) {
        const items = tasks.slice(start, start + LARGEST_BATCH);
        const { accepted, tasks: told } = await send("/tasks/batch", items);
        if (accepted !== items.length) throw new Error(`${accepted} of ${items.length} were accepted`);
        ids.push(...(told as { id: string }[]).map(({ id }) => id));
      }
      return ids;
    },
    close: () => pool.close(),
  };
}

/** Does something with each item in order, `atOnce` under way at a time. */
export async function forEachAtOnce<T>(
  items: Iterable<T>,
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const left = toShared(items);
  const lane = async () => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Whoever leaves a loop over an iterator closes it for the others too: they share one that stays open. */
function toShared<T>(items: Iterable<T>): Iterable<T> {
  const iterator = items[Symbol.iterator]();
  return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) };
}
