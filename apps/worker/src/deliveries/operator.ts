import { randomBytes } from "node:crypto";
import {
  type DeliveryPayload,
  type TargetDisabledDocument,
  type TaskExhaustedDocument,
  toTaskId,
} from "@hookline/contracts";
import { addMessage, type ExhaustedJob, type Queues, type RedisConnection, toBackoffOptions } from "@hookline/queue";
import type { Keys } from "@hookline/runtime";
import type { Target } from "../targets/target.ts";

/** Whoever runs the service, told through a target of their own. */
export interface Operator {
  targetDisabled(target: Target, reason: string): Promise<void>;
  /** Told at most once in ten minutes for each target; the next notice counts the others. */
  exhausted(job: ExhaustedJob): Promise<void>;
}

export interface OperatorOptions {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly queues: Queues;
  /** The target's name; without one nobody is told. */
  readonly target: string | undefined;
}

const QUIET_MS = 600_000;
const COUNTED_MS = 86_400_000;
const RETRIES = { attempts: 6, backoff: toBackoffOptions("exponential", 5000) };

export function createOperator(options: OperatorOptions): Operator {
  return {
    async targetDisabled({ name, kind }, reason) {
      // Its own target cannot tell of itself.
      if (name === options.target) return;
      await send(options, (head) => ({ type: "target.disabled", ...head, target: name, kind, reason }));
    },
    async exhausted({ kind, id, payload, attempts, error }) {
      if (kind === "github.capture") return;
      const delivery = kind === "message.deliver" ? toDelivery(payload) : undefined;
      if (options.target === undefined || delivery?.target === options.target) return;
      // Whoever tries a target looks at the result, and must not silence a real failure for ten minutes.
      if (delivery?.documentType === "target.test") return;
      const alsoFailed = await countQuiet(options, delivery?.target ?? kind);
      if (alsoFailed === undefined) return;
      await send(options, (head) => ({
        type: "task.exhausted",
        ...head,
        taskId: delivery?.taskId ?? id,
        deliveryId: delivery === undefined ? null : id,
        target: delivery?.target ?? null,
        attempts,
        error,
        alsoFailed,
      }));
    },
  };
}

/** A payload may be what failed it. */
function toDelivery(payload: unknown) {
  const { taskId = "unknown", target = "unknown", documentType } = (payload ?? {}) as Partial<DeliveryPayload>;
  return { taskId, documentType, target: typeof target === "string" ? target : target.kind };
}

/** How many failures were not told since the last notice, or `undefined` when this is one of them. */
async function countQuiet({ redis, keys }: OperatorOptions, subject: string): Promise<number | undefined> {
  const [noticed, missed] = [keys.operatorNotice(subject), keys.operatorMissed(subject)];
  if ((await redis.set(noticed, "1", "PX", QUIET_MS, "NX")) === "OK") return Number((await redis.getdel(missed)) ?? 0);
  await redis.multi().incr(missed).pexpire(missed, COUNTED_MS).exec();
  return undefined;
}

async function send(
  { queues, keys, target }: OperatorOptions,
  toDocument: (head: { id: string; timestamp: string }) => TargetDisabledDocument | TaskExhaustedDocument,
): Promise<void> {
  if (target === undefined) return;
  const createdAt = Date.now();
  const id = toTaskId(createdAt, randomBytes(8).toString("hex"));
  const document = toDocument({ id, timestamp: new Date(createdAt).toISOString() });
  await addMessage(queues, keys, { id, payload: { document, targets: [target] }, createdAt, ...RETRIES });
}
