import Type, { type Static } from "typebox";
import { ProblemErrorSchema } from "./problem.ts";

const isoTime = (description: string) => Type.String({ format: "date-time", description });

export const taskStatuses = [
  "scheduled",
  "queued",
  "running",
  "delivering",
  "delivered",
  "unchanged",
  "failed",
  "cancelled",
] as const;
export type TaskStatus = (typeof taskStatuses)[number];
export const TaskStatusSchema = Type.Enum([...taskStatuses], { title: "TaskStatus" });

export const deliveryStatuses = ["scheduled", "queued", "running", "parked", "delivered", "failed"] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export const NextAttemptSchema = Type.Object(
  {
    at: isoTime("When the next attempt is due."),
    reason: Type.String({
      description:
        "scheduled, queued, retry, github_rate_limit, redis_unavailable, collecting, target_pace, target_busy, " +
        "target_retry_after, target_breaker_open, target_disabled (then: when it is looked at again), thread_order, " +
        "other_version (a worker of another version has to take it) or recovering (worker processes died with it: it " +
        "waits to run alone).",
    }),
  },
  { title: "NextAttempt" },
);
export type NextAttempt = Static<typeof NextAttemptSchema>;

export const TaskErrorSchema = Type.Object({ code: Type.String(), message: Type.String() }, { title: "TaskError" });
export type TaskError = Static<typeof TaskErrorSchema>;

export const TaskSchema = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    status: TaskStatusSchema,
    username: Type.Union([Type.String(), Type.Null()], { description: "null for tasks that are no digests." }),
    repository: Type.Union([Type.String(), Type.Null()]),
    createdAt: isoTime("When the request was accepted."),
    runAt: isoTime("When the first attempt is due."),
    attempts: Type.Object(
      { made: Type.Integer(), max: Type.Integer() },
      { description: "The most attempts that any one step of the task has taken, and how many it may take." },
    ),
    nextAttempt: Type.Union([NextAttemptSchema, Type.Null()]),
    error: Type.Union([TaskErrorSchema, Type.Null()]),
    result: Type.Union([
      Type.Object({
        collectedAt: isoTime("When the repository was read."),
        githubRequests: Type.Integer(),
        stale: Type.Boolean(),
        partial: Type.Boolean(),
      }),
      Type.Null(),
    ]),
    deliveries: Type.Array(
      Type.Object({
        id: Type.String(),
        target: Type.String(),
        status: Type.Enum([...deliveryStatuses]),
        attempts: Type.Integer(),
      }),
    ),
    links: Type.Record(Type.String(), Type.String()),
  },
  { title: "Task" },
);
export type Task = Static<typeof TaskSchema>;

export const AcceptedTaskSchema = Type.Intersect(
  [
    TaskSchema,
    Type.Object({
      ok: Type.Literal("task successfully scheduled"),
      duplicate: Type.Boolean({ description: "Whether the same request was waiting already." }),
    }),
  ],
  { title: "AcceptedTask" },
);
export type AcceptedTask = Static<typeof AcceptedTaskSchema>;

export const TaskListSchema = Type.Object(
  { data: Type.Array(TaskSchema), nextCursor: Type.Union([Type.String(), Type.Null()]) },
  { title: "TaskList" },
);

export const BatchResultSchema = Type.Object(
  {
    accepted: Type.Integer({ description: "New tasks." }),
    duplicates: Type.Integer({ description: "Requests that were waiting already." }),
    rejected: Type.Array(Type.Object({ index: Type.Integer(), errors: Type.Array(ProblemErrorSchema) })),
    tasks: Type.Array(Type.Intersect([AcceptedTaskSchema, Type.Object({ index: Type.Integer() })])),
  },
  { title: "BatchResult" },
);
export type BatchResult = Static<typeof BatchResultSchema>;
