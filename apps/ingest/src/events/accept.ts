import { type SendPayload, toCreatedAtMs, toDeliveryId, toTaskId } from "@hookline/contracts";
import { addMessage, registerInThread, toBackoffOptions, toTargetKey } from "@hookline/queue";
import type { Dependencies } from "../dependencies.ts";
import type { SourceEvent } from "../sources/source.ts";
import { toIso } from "../tasks/next-attempt.ts";
import { newSeed } from "../tasks/seed.ts";
import { configuredTargets } from "../tasks/targets.ts";
import { claimEvent, settleClaim } from "./claim.ts";

/** An event and where it came in. */
export interface Arrival {
  /** The source's name and the inbox's. */
  readonly source: string;
  readonly inbox: string;
  readonly targets: readonly string[];
  readonly event: SourceEvent;
}

export interface AcceptedEvent {
  readonly taskId: string;
  /** Whether the event was queued before: nothing was queued now. */
  readonly isRepeat: boolean;
}

/**
 * Queues the task that tells an event to its inbox's targets; an event that the sender repeats, once.
 *
 * @throws the connection's error when Redis is away; the event is then not known as done, and a repeat queues it
 * under the same id.
 */
export async function acceptEvent(deps: Dependencies, arrival: Arrival): Promise<AcceptedEvent> {
  const { source, inbox, event } = arrival;
  const seed = newSeed();
  const taskId = toTaskId(seed.at, seed.random);
  if (event.id === null) {
    await queueEvent(deps, arrival, taskId);
    return { taskId, isRepeat: false };
  }
  const key = deps.keys.sourceEvent(source, inbox, event.id);
  const claim = await claimEvent(deps.redis, key, taskId);
  if (!claim.isQueued) {
    await queueEvent(deps, arrival, claim.taskId);
    await settleClaim(deps.redis, key, claim);
  }
  return { taskId: claim.taskId, isRepeat: claim.isQueued };
}

/** All of it follows from the id, so that doing it again changes nothing. */
async function queueEvent(deps: Dependencies, { targets, event }: Arrival, taskId: string): Promise<void> {
  const { settings, redis, keys, queues } = deps;
  const createdAt = toCreatedAtMs(taskId);
  const document = { ...event.document, id: taskId, timestamp: toIso(createdAt) };
  const payload: SendPayload = { document, targets: [...new Set(targets)] };
  const threading = configuredTargets(settings, deps.project).filter(
    ({ name, hasThreads }) => hasThreads && targets.includes(name),
  );
  // Places first: a worker may take the job at once, and whoever is accepted later must find us before it in line.
  await Promise.all(
    threading.map(({ name: target }) => {
      const deliveryId = toDeliveryId(taskId, toTargetKey(target));
      return registerInThread(redis, keys, { target, threadKey: event.threadKey, deliveryId });
    }),
  );
  await addMessage(queues, keys, {
    id: taskId,
    payload,
    createdAt,
    attempts: settings.RETRY_MAX_ATTEMPTS + 1,
    backoff: toBackoffOptions(settings.RETRY_BACKOFF, settings.RESCHEDULE_INTERVAL),
  });
}
