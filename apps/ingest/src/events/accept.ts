import { type SendPayload, toCreatedAtMs, toDeliveryId, toTaskId } from "@hookline/contracts";
import { addMessage, leaveThread, registerInThread, toBackoffOptions, toTargetKey } from "@hookline/queue";
import type { TraceContext } from "@hookline/runtime";
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
  /** The trace that the sender brought along. */
  readonly trace: TraceContext | undefined;
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
async function queueEvent(deps: Dependencies, { targets, event, trace }: Arrival, taskId: string): Promise<void> {
  const { settings, redis, keys, queues, replication } = deps;
  const createdAt = toCreatedAtMs(taskId);
  const document = { ...event.document, id: taskId, timestamp: toIso(createdAt) };
  const payload: SendPayload = { document, targets: [...new Set(targets)] };
  // Places first: a worker may take the job at once, and whoever is accepted later must find us before it in line.
  await Promise.all(toPlaces(deps, taskId, payload).map((place) => registerInThread(redis, keys, place)));
  await addMessage(queues, keys, {
    id: taskId,
    payload,
    createdAt,
    attempts: settings.RETRY_MAX_ATTEMPTS + 1,
    backoff: toBackoffOptions(settings.RETRY_BACKOFF, settings.RESCHEDULE_INTERVAL),
    trace,
  });
  await replication.confirm(taskId);
}

/** Gives the places of an event up that will not be sent: those behind it must not wait for it. */
export async function giveUpPlaces(deps: Dependencies, taskId: string, payload: SendPayload): Promise<void> {
  await Promise.all(toPlaces(deps, taskId, payload).map((place) => leaveThread(deps.redis, deps.keys, place)));
}

/** An event's places: one in its thread at each target that has threads. */
function toPlaces({ settings, project }: Dependencies, taskId: string, { document, targets }: SendPayload) {
  if (document.type !== "basecamp.recording") return [];
  const threadKey = document.recording.parentId;
  return configuredTargets(settings, project)
    .filter(({ name, hasThreads }) => hasThreads && targets.includes(name))
    .map(({ name: target }) => ({ target, threadKey, deliveryId: toDeliveryId(taskId, toTargetKey(target)) }));
}
