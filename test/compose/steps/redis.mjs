import { deepEqual, equal } from "node:assert/strict";
import { docker } from "../docker.mjs";
import { toPaths } from "../inbox.mjs";
import { inspect } from "../stack.mjs";

const WAIT_MS = 4000;

export async function restartedRedisKeepsTasks(stack) {
  return deliverAcross(stack, "restarted", () => stack.compose("restart", "redis"));
}

export async function killedRedisKeepsTasks(stack) {
  const [redis] = await stack.running("redis");
  return deliverAcross(stack, "redis-killed", async () => {
    await docker("kill", "-s", "KILL", redis);
    equal((await stack.api.postTask()).status, 503, "a task without Redis");
    await stack.compose("start", "redis");
  });
}

/** Queues tasks, troubles Redis while they wait, and sees them all delivered by the same processes. */
async function deliverAcross(stack, name, trouble) {
  const apps = [...(await stack.running("ingest")), ...(await stack.running("worker"))];
  const startsBefore = await readStarts(apps);
  const paths = toPaths(name, 30);
  const ids = await stack.api.postMany(paths, { scheduleInterval: WAIT_MS });
  const troubledAt = Date.now();
  await trouble();
  const awayMs = Date.now() - troubledAt;
  const repeats = await stack.inbox.untilReceived(paths);
  await stack.api.untilDelivered(ids);
  deepEqual(await readStarts(apps), startsBefore, "an app was restarted");
  const seconds = ((Date.now() - troubledAt) / 1000).toFixed(1);
  return `Redis away for up to ${awayMs} ms; 30 delivered after ${seconds} s (due after ${WAIT_MS / 1000} s), ${repeats} repeated`;
}

function readStarts(ids) {
  return Promise.all(ids.map(async (id) => (await inspect(id)).State.StartedAt));
}
