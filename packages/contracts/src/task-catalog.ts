import Type, { type Static, type TSchema } from "typebox";
import { TargetRefSchema } from "./target-ref.ts";
import { RepositorySchema, UsernameSchema } from "./task-request.ts";

/** What a `github.digest` job carries. The wait and the attempts are the job's own options. */
export const DigestPayloadSchema = Type.Object({
  username: UsernameSchema,
  repository: RepositorySchema,
  targets: Type.Array(TargetRefSchema, { minItems: 1 }),
  onlyIfChanged: Type.Optional(Type.Boolean()),
  snapshotAt: Type.Optional(Type.Literal("request")),
});
export type DigestPayload = Static<typeof DigestPayloadSchema>;

/** Collects at once what a task with `snapshotAt: "request"` delivers later. */
export const CapturePayloadSchema = Type.Object({
  taskId: Type.String(),
  username: UsernameSchema,
  repository: RepositorySchema,
});
export type CapturePayload = Static<typeof CapturePayloadSchema>;

/** One message to one target. The body lies in Redis beside the job. */
export const DeliveryPayloadSchema = Type.Object({
  taskId: Type.String(),
  target: TargetRefSchema,
  bodyId: Type.String(),
  /** What the target's next digest is compared with, once this one is delivered. */
  baseline: Type.Object({ id: Type.String(), repository: Type.String(), collectedAt: Type.String() }),
});
export type DeliveryPayload = Static<typeof DeliveryPayloadSchema>;

/** How a finished `github.digest` job ended: its return value. */
export interface DigestResult {
  readonly outcome: "deliveries_queued" | "unchanged";
  /** The canonical name, which differs from the one asked for after a rename. */
  readonly username: string;
  readonly repository: string;
  readonly collectedAt: string;
  readonly githubRequests: number;
  readonly isStale: boolean;
  readonly isPartial: boolean;
  readonly deliveries: readonly { readonly id: string; readonly target: string }[];
}

/** Every kind of task: its queue and the schema of its payload. A worker without a processor for one does not compile. */
export const taskCatalog = {
  "github.digest": { queue: "tasks", payload: DigestPayloadSchema },
  "github.capture": { queue: "tasks", payload: CapturePayloadSchema },
  "message.deliver": { queue: "deliveries", payload: DeliveryPayloadSchema },
} as const satisfies Record<string, { queue: QueueName; payload: TSchema }>;

export type QueueName = "tasks" | "deliveries";
export const queueNames: readonly QueueName[] = ["tasks", "deliveries"];

export type TaskKind = keyof typeof taskCatalog;
export type PayloadOf<K extends TaskKind> = Static<(typeof taskCatalog)[K]["payload"]>;
