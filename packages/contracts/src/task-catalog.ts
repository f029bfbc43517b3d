import Type, { type Static, type TSchema } from "typebox";
import {
  BasecampDocumentSchema,
  TargetDisabledDocumentSchema,
  TaskExhaustedDocumentSchema,
  TestDocumentSchema,
} from "./document.ts";
import { JobTargetSchema } from "./target-ref.ts";
import { RepositorySchema, UsernameSchema } from "./task-request.ts";

/** What a `github.digest` job carries. The wait and the attempts are the job's own options. */
export const DigestPayloadSchema = Type.Object({
  username: UsernameSchema,
  repository: RepositorySchema,
  targets: Type.Array(JobTargetSchema, { minItems: 1 }),
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

/** Sends a document that is known already: an event of a source, a test, or a notice to the operator. */
export const SendPayloadSchema = Type.Object({
  document: Type.Union([
    BasecampDocumentSchema,
    TestDocumentSchema,
    TargetDisabledDocumentSchema,
    TaskExhaustedDocumentSchema,
  ]),
  targets: Type.Array(JobTargetSchema, { minItems: 1 }),
});
export type SendPayload = Static<typeof SendPayloadSchema>;

/** One message to one target. The document lies in Redis beside the job. */
export const DeliveryPayloadSchema = Type.Object({
  taskId: Type.String(),
  target: JobTargetSchema,
  bodyId: Type.String(),
  /** What kind of document it is; deliveries of older versions are digests. */
  documentType: Type.Optional(Type.String()),
  /** What the target's next digest is compared with, once this one is delivered. */
  baseline: Type.Optional(Type.Object({ id: Type.String(), repository: Type.String(), collectedAt: Type.String() })),
  /** Messages of one key and one day (in TZ, YYYY-MM-DD) belong together, in order. */
  thread: Type.Optional(Type.Object({ key: Type.String(), day: Type.String() })),
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

/** How a finished `message.send` job ended: its return value. */
export interface SendResult {
  readonly outcome: "deliveries_queued";
  readonly deliveries: DigestResult["deliveries"];
}

/** Every kind of task: its queue and the schema of its payload. A worker without a processor for one does not compile. */
export const taskCatalog = {
  "github.digest": { queue: "tasks", payload: DigestPayloadSchema },
  "github.capture": { queue: "tasks", payload: CapturePayloadSchema },
  "message.send": { queue: "tasks", payload: SendPayloadSchema },
  "message.deliver": { queue: "deliveries", payload: DeliveryPayloadSchema },
} as const satisfies Record<string, { queue: QueueName; payload: TSchema }>;

export type QueueName = "tasks" | "deliveries";
export const queueNames: readonly QueueName[] = ["tasks", "deliveries"];

export type TaskKind = keyof typeof taskCatalog;
export type PayloadOf<K extends TaskKind> = Static<(typeof taskCatalog)[K]["payload"]>;
