import { equal, ok } from "node:assert/strict";
import { docker } from "../docker.mjs";
import { toPaths } from "../inbox.mjs";
import { countEvents, inspect } from "../stack.mjs";
import { until } from "../until.mjs";

/** A killed worker's jobs are taken over within 30 s; the rest is for a slow machine. */
const TAKEOVER_MS = 60_000;
const READ_HEALTH = "fetch('http://127.0.0.1:4002/healthz').then((r) => r.text()).then(console.log)";

/** The inbox stands still, so that every replica is surely in the middle of deliveries when one is killed. */
export async function killedReplicaLosesNothing(stack) {
  const [victim, ...survivors] = await stack.running("worker");
  const paths = toPaths("killed", 60);
  await stack.compose("pause", "inbox");
  let ids;
  let held;
  try {
    ids = await stack.api.postMany(paths, { scheduleInterval: 0 });
    held = await until("deliveries under way at the replica", () => deliveriesUnderWay(victim));
    await docker("kill", "-s", "KILL", victim);
  } finally {
    await stack.compose("unpause", "inbox");
  }
  const killedAt = Date.now();
  await stack.api.untilDelivered(ids, TAKEOVER_MS);
  const seconds = ((Date.now() - killedAt) / 1000).toFixed(1);
  const repeats = await stack.inbox.untilReceived(paths);
  const recovered = [...(await countEvents(survivors, "job.recovered")).values()].reduce(
    (sum, count) => sum + count,
    0,
  );
  ok(recovered >= held, `only ${recovered} of the killed replica's ${held} deliveries were taken over`);
  await docker("start", victim);
  await until("the replica is healthy", () => isHealthy(victim));
  return `60 delivered ${seconds} s after the kill; ${held} deliveries taken over, ${repeats} repeated`;
}

export async function crashedWorkerIsRestarted(stack) {
  const [worker] = await stack.running("worker");
  const before = (await inspect(worker)).RestartCount;
  // Every process of the container but the first: as if Node itself had crashed.
  await docker("exec", worker, "sh", "-c", "kill -9 -1").catch(() => "the shell may go with the others");
  const restarted = async () => (await inspect(worker)).RestartCount > before && isHealthy(worker);
  await until("the worker is restarted and healthy", restarted);
  equal((await stack.running("worker")).length, 3);
}

async function deliveriesUnderWay(id) {
  return JSON.parse(await docker("exec", id, "node", "-e", READ_HEALTH)).queues.deliveries.active;
}

async function isHealthy(id) {
  return (await inspect(id)).State.Health.Status === "healthy";
}
