import Type, { type Static, type TSchema } from "typebox";
import { DigestSchema } from "./digest.ts";

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const head = {
  id: Type.String({ description: "The id of the task that sends it. The delivery's own id is the webhook-id header." }),
  timestamp: Type.String({ format: "date-time", description: "When the document was made." }),
};

/** A Basecamp event: something happened to a recording (a message, a comment, a to-do, …). Ids keep every digit. */
export const BasecampDocumentSchema = Type.Object(
  {
    type: Type.Literal("basecamp.recording"),
    ...head,
    inbox: Type.String({ description: "The inbox's name in the project file." }),
    event: Type.Object({
      id: nullable(Type.String()),
      kind: nullable(Type.String({ description: "message_created, todo_completed, …" })),
      createdAt: nullable(Type.String()),
    }),
    recording: Type.Object({
      id: Type.String(),
      type: Type.String({ description: "Message, Todo, Question::Answer, …" }),
      status: Type.String(),
      title: Type.String(),
      content: Type.String({ description: "HTML." }),
      url: Type.String(),
      appUrl: Type.String(),
      parentId: Type.String(),
      parentAppUrl: Type.String(),
      parentTitle: nullable(Type.String()),
      project: nullable(Type.String({ description: "The bucket's name." })),
    }),
    creator: nullable(Type.Object({ name: Type.String(), avatarUrl: nullable(Type.String()) })),
  },
  { title: "BasecampRecording" },
);

/** An example that `POST /targets/:name/test` sends. */
export const TestDocumentSchema = Type.Object(
  { type: Type.Literal("target.test"), ...head, target: Type.String() },
  { title: "TargetTest" },
);

/** To the operator: nothing more is sent to a target until it is enabled. */
export const TargetDisabledDocumentSchema = Type.Object(
  { type: Type.Literal("target.disabled"), ...head, target: Type.String(), kind: Type.String(), reason: Type.String() },
  { title: "TargetDisabled" },
);

/** To the operator: a task, or a task's delivery to one target, has failed for good. */
export const TaskExhaustedDocumentSchema = Type.Object(
  {
    type: Type.Literal("task.exhausted"),
    ...head,
    taskId: Type.String({ description: "The task that failed." }),
    deliveryId: nullable(Type.String()),
    target: nullable(Type.String()),
    attempts: Type.Integer(),
    error: Type.Object({ code: Type.String(), message: Type.String() }),
    /** Others that failed at the same target since the last such message, and were not told one by one. */
    alsoFailed: Type.Integer(),
  },
  { title: "TaskExhausted" },
);

/** What is sent: `webhook` targets receive it as JSON, people as a message. */
export const DocumentSchema = Type.Union([
  DigestSchema,
  BasecampDocumentSchema,
  TestDocumentSchema,
  TargetDisabledDocumentSchema,
  TaskExhaustedDocumentSchema,
]);

export type BasecampDocument = Static<typeof BasecampDocumentSchema>;
export type TestDocument = Static<typeof TestDocumentSchema>;
export type TargetDisabledDocument = Static<typeof TargetDisabledDocumentSchema>;
export type TaskExhaustedDocument = Static<typeof TaskExhaustedDocumentSchema>;
/** Not DOM's: this package knows none. */
export type Document = Static<typeof DocumentSchema>;
