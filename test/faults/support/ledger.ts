import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import type { Received, Receiver } from "@hookline/testing";
import { expect } from "@jest/globals";

/** What became of the tasks that ingest accepted, counted where it matters: at the receiver. */
export interface Ledger {
  readonly accepted: number;
  /** Accepted tasks whose digest was answered 2xx. */
  readonly delivered: number;
  /** Posts beyond the first of each `webhook-id`. */
  readonly repeated: number;
  /** Accepted tasks whose digest never arrived. */
  readonly lost: number;
}

/**
 * Compares the accepted tasks with what a receiver got, prints one line and returns the figures.
 *
 * @throws when a repeat is not the same message under the same `webhook-id`.
 */
export function ledger(title: string, accepted: Iterable<string>, receiver: Pick<Receiver, "requests">): Ledger {
  const tasks = new Set(accepted);
  const groups = groupByTask(receiver.requests);
  for (const [taskId, posts] of groups) requireSame(taskId, posts);
  const isDelivered = (id: string) => groups.get(id)?.some(({ status }) => status >= 200 && status < 300) === true;
  const delivered = [...tasks].filter(isDelivered).length;
  const repeated = [...groups.values()].reduce((sum, posts) => sum + posts.length - 1, 0);
  const lost = tasks.size - delivered;
  const figures = { accepted: tasks.size, delivered, repeated, lost };
  note(title, figures);
  return figures;
}

/** Adds a line to the table that the run ends with; a text stands there instead of figures. */
export function note(title: string, figures: Ledger | string): void {
  const line = `${JSON.stringify({ file: relative(process.cwd(), expect.getState().testPath ?? ""), title, figures })}\n`;
  const file = process.env.FAULTS_LEDGER;
  if (file === undefined) process.stdout.write(line);
  else appendFileSync(file, line);
}

/** Whether all of the tasks have arrived. */
export function haveArrived(accepted: Iterable<string>, receiver: Pick<Receiver, "requests">): boolean {
  const arrived = new Set(receiver.requests.filter(({ status }) => status === 200).map(toTaskId));
  return [...accepted].every((id) => arrived.has(id));
}

function groupByTask(requests: readonly Received[]): Map<string, Received[]> {
  const groups = new Map<string, Received[]>();
  for (const request of requests) {
    const group = groups.get(toTaskId(request));
    if (group === undefined) groups.set(toTaskId(request), [request]);
    else group.push(request);
  }
  return groups;
}

/** A digest's `id` is its task's. */
function toTaskId({ json }: Received): string {
  return String((json as { id?: unknown } | undefined)?.id);
}

function requireSame(taskId: string, posts: readonly Received[]): void {
  const ids = new Set(posts.map(({ headers }) => headers["webhook-id"]));
  const bodies = new Set(posts.map(({ rawBody }) => rawBody.toString("base64")));
  if (ids.size === 1 && bodies.size === 1) return;
  throw new Error(`${taskId} came as ${bodies.size} messages under ${ids.size} webhook-ids: ${[...ids].join(", ")}`);
}
