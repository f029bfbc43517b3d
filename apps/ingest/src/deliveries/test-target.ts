import { type TestDocument, type TestTask, toDeliveryId, toTaskId } from "@hookline/contracts";
import { addMessage, toBackoffOptions, toTargetKey } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import { findTask } from "../tasks/find.ts";
import { toIso } from "../tasks/next-attempt.ts";
import { newSeed } from "../tasks/seed.ts";
import { configuredTargets } from "../tasks/targets.ts";

/** One answer tells how it is: an example is not worth repeating. */
const ATTEMPTS = 1;

/**
 * Queues an example for a configured target, which then goes the way that every message goes; `undefined` when there
 * is no such target. The limit of waiting tasks does not hold it up.
 */
export async function testTarget(deps: Dependencies, target: string): Promise<TestTask | undefined> {
  const { settings, queues, keys } = deps;
  if (!configuredTargets(settings, deps.project).some(({ name }) => name === target)) return undefined;
  const { at: createdAt, random } = newSeed();
  const id = toTaskId(createdAt, random);
  const document: TestDocument = { type: "target.test", id, timestamp: toIso(createdAt), target };
  const backoff = toBackoffOptions(settings.RETRY_BACKOFF, settings.RESCHEDULE_INTERVAL);
  const payload = { document, targets: [target] };
  await addMessage(queues, keys, { id, payload, createdAt, attempts: ATTEMPTS, backoff });
  deps.log.info("target.tested", { target, id });
  const task = await findTask(deps, id);
  return task === undefined ? undefined : { ...task, deliveryId: toDeliveryId(id, toTargetKey(target)) };
}
