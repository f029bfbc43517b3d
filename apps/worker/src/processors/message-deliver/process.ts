import { type DeliveryPayload, toCreatedAtMs } from "@hookline/contracts";
import type { JobContext, LaneResult, ScriptCall } from "@hookline/queue";
import { PermanentError, RetryAfterError, TemporaryError, type TraceContext } from "@hookline/runtime";
import type { TraceCall } from "@hookline/telemetry";
import type { AttemptRecorder } from "../../deliveries/attempt-recorder.ts";
import type { Bookkeeper } from "../../deliveries/bookkeeper.ts";
import type { Lanes } from "../../deliveries/lanes.ts";
import type { LoadOutgoing } from "../../deliveries/load-outgoing.ts";
import type { Roots } from "../../deliveries/roots.ts";
import type { Threads, Turn } from "../../deliveries/threads.ts";
import type { BodyStore } from "../../messages/body-store.ts";
import type { BaselineRef } from "../../snapshots/baseline.ts";
import type { TargetDirectory } from "../../targets/directory.ts";
import type { Sender, SendOutcome } from "../../targets/send.ts";
import type { Outgoing, Target, TargetRequest } from "../../targets/target.ts";

export interface DeliverDependencies {
  readonly targets: TargetDirectory;
  readonly lanes: Lanes;
  readonly threads: Threads;
  readonly roots: Roots;
  readonly loadOutgoing: LoadOutgoing;
  readonly bodies: Pick<BodyStore, "toReleaseNote">;
  readonly sender: Sender;
  readonly attempts: AttemptRecorder;
  readonly trace: TraceCall;
  readonly bookkeeper: Bookkeeper;
  /** Whether a delivery arrived through a worker that was lost before it could say so. */
  readonly hasArrived: (deliveryId: string) => Promise<boolean>;
  readonly toDeliveredNote: (target: string, baseline: BaselineRef) => ScriptCall;
  /** Makes notes at once. */
  readonly write: (notes: readonly ScriptCall[]) => Promise<unknown>;
  readonly onEndToEnd: (seconds: number) => void;
  /** ms that the message of a delivery that has ended is kept, to be looked at and sent again. */
  readonly keptMs: number;
}

/** One attempt's circumstances. */
interface Delivery {
  readonly payload: DeliveryPayload;
  readonly context: JobContext;
  readonly target: Target;
  readonly turn: Turn;
}

/** Makes one attempt to deliver a message: it is its thread's turn, the lane allows it, the target kind builds it, the sender posts it. */
export function createDeliverProcessor(deps: DeliverDependencies) {
  return async (payload: DeliveryPayload, context: JobContext): Promise<void> => {
    const target = await deps.targets.find(payload.target);
    const turn = await deps.threads.take(target, payload.thread, context.id);
    let isOver = false;
    try {
      const delivery = { payload, context, target, turn };
      if (context.wasTakenOver && (await deps.hasArrived(context.id))) await closeBooks(deps, delivery);
      else await deliver(deps, delivery);
      isOver = true;
    } catch (error) {
      isOver = isFinal(error, context);
      // Kept for as long as the failed delivery itself, to be sent again.
      if (isOver)
        await deps.bookkeeper.note("body", context.id, () => deps.write([toReleaseNote(deps, payload, context)]));
      throw error;
    } finally {
      await deps.bookkeeper.note("turn", context.id, () => turn.end(isOver));
    }
  };
}

/** Whether a delivery that threw this is not tried again. */
function isFinal(error: unknown, { attempt, attemptsMax, signal }: JobContext): boolean {
  if (error instanceof RetryAfterError || signal.aborted) return false;
  return error instanceof PermanentError || attempt >= attemptsMax;
}

async function deliver(deps: DeliverDependencies, delivery: Delivery): Promise<void> {
  const { context, target, payload } = delivery;
  await deps.lanes.enter(target, context.id, context.signal);
  const startedAt = Date.now();
  const notes: ScriptCall[] = [];
  let result: LaneResult = { kind: "none" };
  try {
    const outgoing = await deps.loadOutgoing(context.id, { bodyId: payload.bodyId, day: payload.thread?.day });
    const outcome = await attempt(deps, delivery, { outgoing, notes });
    result = toLaneResult(outcome, Date.now() - startedAt);
    if (outcome.kind === "delivered") await settle(deps, delivery, { outgoing, notes, threadRef: outcome.threadRef });
    throwUnlessDelivered(outcome);
  } finally {
    const leave = () => deps.lanes.leave(target, context.id, result, notes);
    // It has arrived, and stays so. Else: throws when the delivery is to wait for the lane, before the failure that led to it.
    await (result.kind === "delivered" ? deps.bookkeeper.note("lane", context.id, leave) : leave());
  }
}

/** What is sent, and what is to be noted when the lane is left: one step for Redis. */
interface Sending {
  readonly outgoing: Outgoing;
  readonly notes: ScriptCall[];
}

async function attempt(
  deps: DeliverDependencies,
  { context, target, turn }: Delivery,
  { outgoing, notes }: Sending,
): Promise<SendOutcome> {
  const startedAt = new Date();
  const built = target.toRequest(outgoing, { now: startedAt, place: turn.place });
  const { request, outcome } = await deps.trace(
    { method: built.method ?? "POST", url: built.url, isPathShown: false },
    async (trace) => {
      const request = withTrace(target, built, trace);
      return { request, outcome: await deps.sender.send(target, request, context.signal) };
    },
    ({ outcome }) => ("answer" in outcome ? outcome.answer?.status : undefined),
  );
  notes.push(deps.attempts.record({ context, target, request, outcome, startedAt }));
  return outcome;
}

/** Webhooks are told the trace: who runs one may want it. Chat services have no use for our ids. */
function withTrace(target: Target, request: TargetRequest, trace: TraceContext | undefined): TargetRequest {
  if (trace === undefined || target.kind !== "webhook") return request;
  return { ...request, headers: { ...request.headers, ...trace } };
}

function toLaneResult(outcome: SendOutcome, durationMs: number): LaneResult {
  switch (outcome.kind) {
    case "delivered":
      return { kind: "delivered", durationMs };
    case "retry_later":
      return outcome;
    case "gone":
      return { kind: "gone", reason: outcome.detail };
    case "failed":
      return { kind: "failed", durationMs, reason: `nothing but failures; the last: ${outcome.detail}` };
    case "forbidden":
      return { kind: "none" };
  }
}

function throwUnlessDelivered(outcome: SendOutcome): void {
  switch (outcome.kind) {
    case "forbidden":
      throw new PermanentError("target_forbidden", outcome.detail);
    case "failed":
      throw new TemporaryError(outcome.code, outcome.detail);
    case "delivered":
    case "retry_later":
    case "gone":
      return;
  }
}

async function settle(
  deps: DeliverDependencies,
  delivery: Delivery,
  { outgoing, notes, threadRef }: Sending & { readonly threadRef: string | undefined },
): Promise<void> {
  const { payload, context, target, turn } = delivery;
  deps.onEndToEnd((Date.now() - toCreatedAtMs(payload.taskId)) / 1000);
  notes.unshift(...toArrivalNotes(deps, delivery));
  if (turn.place.role === "alone") return;
  // Showing the latest in the root is another request: what has arrived is noted before.
  const arrived = notes.splice(0);
  await deps.bookkeeper.note("arrival", context.id, () => deps.write(arrived));
  const told = { target, turn, bodyId: payload.bodyId, outgoing, signal: context.signal };
  if (turn.place.role === "root")
    await deps.bookkeeper.note("root", context.id, () => deps.roots.keep(told, threadRef));
  await deps.roots.update(told);
}

/** A full Redis takes these all, since the first needs no room. */
function toArrivalNotes(deps: DeliverDependencies, { payload, context, target }: Delivery): ScriptCall[] {
  const { baseline } = payload;
  return [
    toReleaseNote(deps, payload, context),
    ...(baseline === undefined ? [] : [deps.toDeliveredNote(target.name, baseline)]),
  ];
}

function toReleaseNote(deps: DeliverDependencies, { bodyId }: DeliveryPayload, { id }: JobContext): ScriptCall {
  return deps.bodies.toReleaseNote(bodyId, id, deps.keptMs);
}

/** What the lost worker could not: the message has arrived, and the lane still counts it as under way. */
async function closeBooks(deps: DeliverDependencies, delivery: Delivery): Promise<void> {
  const { context, target } = delivery;
  const notes = toArrivalNotes(deps, delivery);
  await deps.bookkeeper.note("lane", context.id, () => deps.lanes.leave(target, context.id, { kind: "none" }, notes));
}
