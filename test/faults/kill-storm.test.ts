import { setTimeout as delay } from "node:timers/promises";
import type { TaskStatus } from "@hookline/contracts";
import { waitUntil } from "@hookline/testing";
import { afterEach, expect, it } from "@jest/globals";
import type { Stack } from "../e2e/support/stack.ts";
import { haveArrived, ledger } from "./support/ledger.ts";
import { createLoad, startScene } from "./support/scene.ts";
import { createRandom, takeSeed } from "./support/seeded.ts";

const TASKS = 1000;
const REPLICAS = 3;
const KILLS = 10;
/** The time over which tasks fall due and workers are killed. */
const STORM_MS = 20_000;

let stack: Stack;
afterEach(() => stack.stop());

/** Kills whichever replica the numbers say and starts a fresh one, `KILLS` times at moments they say. */
async function storm(random: () => number): Promise<void> {
  const moments = Array.from({ length: KILLS }, () => random() * STORM_MS).sort((a, b) => a - b);
  const startedAt = performance.now();
  const alive = [...stack.workers];
  for (const moment of moments) {
    await delay(Math.max(0, startedAt + moment - performance.now()));
    const [victim] = alive.splice(Math.floor(random() * alive.length), 1);
    victim?.kill("SIGKILL");
    alive.push(await stack.addWorker());
  }
}

async function statuses(ids: readonly string[]): Promise<Record<string, number>> {
  const counts: Partial<Record<TaskStatus, number>> = {};
  for (let from = 0; from < ids.length; from += 50) {
    const tasks = await Promise.all(ids.slice(from, from + 50).map((id) => stack.task(id)));
    for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

it("1,000 digests arrive through three replicas of which ten are killed at random moments", async () => {
  const random = createRandom(takeSeed("kill storm"));
  stack = await startScene({ workers: REPLICAS });
  stack.receiver.respond({ status: 200, delayMs: 100 });
  const load = createLoad(stack);
  const delays = Array.from({ length: TASKS }, () => Math.floor(random() * STORM_MS));
  await load.postMany(TASKS, (index) => delays[index] ?? 0);
  expect(load.accepted.size).toBe(TASKS);
  await storm(random);
  await waitUntil(() => haveArrived(load.accepted, stack.receiver), { what: "every digest", timeoutMs: 60_000 });
  const isOver = async () => {
    const counts = await statuses([...load.accepted]);
    return counts.delivered === TASKS ? counts : undefined;
  };
  await waitUntil(isOver, { what: "every task is delivered", timeoutMs: 45_000, intervalMs: 1000 });
  const { lost, repeated } = ledger(`${KILLS} of ${REPLICAS} replicas killed`, load.accepted, stack.receiver);
  expect(lost).toBe(0);
  // Only what a killed worker had in its hands can come again: ten of each kind a kill.
  expect(repeated).toBeLessThanOrEqual(KILLS * 10);
}, 180_000);
