import type { Sink } from "./sink.ts";

export interface Load {
  readonly tasks: number;
  /** Tasks a second. */
  readonly rate: number;
}

/** Where tasks go in and come out. */
export interface Path {
  readonly sink: Sink;
  /** Posts the n-th task and returns its id. */
  post(index: number): Promise<string>;
  /** The id of the task behind a `webhook-id`. */
  toTaskId(webhookId: string): string;
}

/**
 * Posts tasks at a steady pace, whether earlier ones were answered or not, and waits for all of them.
 *
 * @returns ms of each from its POST to its receipt.
 */
export async function measureLatencies({ sink, post, toTaskId }: Path, { tasks, rate }: Load): Promise<number[]> {
  sink.reset();
  const postedAt = new Map<string, number>();
  const startedAt = performance.now();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < tasks; index += 1) {
    const waitMs = startedAt + (index * 1000) / rate - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const at = performance.now();
    sent.push(post(index).then((id) => void postedAt.set(id, at)));
  }
  await Promise.all(sent);
  await sink.untilArrived(postedAt.size);
  return [...sink.arrivals].map(([id, arrivedAt]) => arrivedAt - (postedAt.get(toTaskId(id)) ?? Number.NaN));
}
