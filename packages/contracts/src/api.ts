import Type from "typebox";
import { deliveries, targets } from "./delivery-operations.ts";
import { changing, json, type Operation, pageLimit } from "./operation.ts";
import { AcceptedTaskSchema, BatchResultSchema, TaskListSchema, TaskSchema, taskStatuses } from "./task.ts";
import { RepositorySchema, TaskRequestSchema, UsernameSchema } from "./task-request.ts";
import { webhooks } from "./webhook-operations.ts";

export const LARGEST_TASK_BODY = 64 * 1024;
export const LARGEST_BATCH_BODY = 2 * 1024 * 1024;
export const LARGEST_BATCH = 1000;
export const LARGEST_WEBHOOK_BODY = 1024 * 1024;

export const ListQuerySchema = Type.Object(
  {
    status: Type.Optional(Type.Enum([...taskStatuses], { "x-message": `must be one of ${taskStatuses.join(", ")}` })),
    username: Type.Optional(UsernameSchema),
    repository: Type.Optional(RepositorySchema),
    limit: pageLimit,
    cursor: Type.Optional(
      Type.String({
        pattern: "^t[0-9a-f]{28}$",
        description: "nextCursor of the page before.",
        "x-message": "must be the nextCursor of a page before",
      }),
    ),
  },
  { additionalProperties: false },
);

const idempotencyKey = {
  name: "Idempotency-Key",
  description: "At most 255 characters; repeats the first answer for 24 hours.",
} as const;
const task = { description: "The task.", schema: TaskSchema };
const posting = [
  "malformed_json",
  "invalid_request",
  "unauthorized",
  "too_many_requests",
  "forbidden",
  "request_in_progress",
  "payload_too_large",
  "unsupported_media_type",
  "idempotency_key_reused",
  "too_many_tasks",
  "unavailable",
] as const;

const tasks = {
  createTask: {
    id: "createTask",
    method: "post",
    path: "/tasks",
    tag: "tasks",
    summary: "Ask for a repository's digest",
    description: "Answers when the task is durable; the digest arrives at the targets after the wait.",
    headers: [idempotencyKey],
    body: { types: json, schema: TaskRequestSchema },
    answers: { 202: { description: "Accepted, or waiting already (`duplicate: true`).", schema: AcceptedTaskSchema } },
    problems: [...posting, "no_target", "unknown_target"],
  },
  createTasks: {
    id: "createTasks",
    method: "post",
    path: "/tasks/batch",
    tag: "tasks",
    summary: `Ask for up to ${LARGEST_BATCH} digests at once`,
    description: "Good items are queued also when others are bad; those are listed in `rejected`.",
    headers: [idempotencyKey],
    body: {
      types: [...json, "application/x-ndjson"],
      schema: Type.Array(TaskRequestSchema, { minItems: 1, maxItems: LARGEST_BATCH }),
    },
    answers: { 202: { description: "What became of each item.", schema: BatchResultSchema } },
    problems: posting,
  },
  listTasks: {
    id: "listTasks",
    method: "get",
    path: "/tasks",
    tag: "tasks",
    summary: "List tasks, the newest first",
    query: ListQuerySchema,
    answers: {
      200: {
        description: "A page. It may hold fewer than `limit`, even none, and still name a next one.",
        schema: TaskListSchema,
      },
    },
    problems: ["invalid_request", "unauthorized", "too_many_requests", "unavailable"],
  },
  getTask: {
    id: "getTask",
    method: "get",
    path: "/tasks/{id}",
    tag: "tasks",
    summary: "Show a task: what was tried, what comes next",
    answers: { 200: task },
    problems: ["unauthorized", "too_many_requests", "not_found", "unavailable"],
  },
  cancelTask: {
    id: "cancelTask",
    method: "delete",
    path: "/tasks/{id}",
    tag: "tasks",
    summary: "Cancel a waiting task",
    answers: { 204: { description: "Cancelled." } },
    problems: [...changing, "not_found", "conflict"],
  },
  runTask: {
    id: "runTask",
    method: "post",
    path: "/tasks/{id}/run",
    tag: "tasks",
    summary: "Run a waiting task now",
    answers: { 202: task },
    problems: [...changing, "not_found", "conflict"],
  },
  retryTask: {
    id: "retryTask",
    method: "post",
    path: "/tasks/{id}/retry",
    tag: "tasks",
    summary: "Retry a failed task",
    description: "Collects again where collecting failed; else repeats the failed deliveries with their webhook-ids.",
    answers: { 202: task },
    problems: [...changing, "not_found", "conflict"],
  },
} as const satisfies Record<string, Operation>;

const HealthSchema = Type.Object({ status: Type.String() }, { additionalProperties: true, title: "Health" });

const service = {
  health: {
    id: "health",
    method: "get",
    path: "/healthz",
    tag: "service",
    summary: "Is the process alive?",
    isOpen: true,
    answers: { 200: { description: "It is.", schema: HealthSchema } },
    problems: [],
  },
  ready: {
    id: "ready",
    method: "get",
    path: "/readyz",
    tag: "service",
    summary: "Does Redis answer?",
    isOpen: true,
    answers: { 200: { description: "It does.", schema: HealthSchema } },
    problems: ["unavailable"],
  },
  metrics: {
    id: "metrics",
    method: "get",
    path: "/metrics",
    tag: "service",
    summary: "Prometheus metrics",
    answers: { 200: { description: "The metrics.", type: "text/plain" } },
    problems: ["unauthorized", "too_many_requests"],
  },
  openapi: {
    id: "openapi",
    method: "get",
    path: "/openapi.json",
    tag: "service",
    summary: "This document",
    isOpen: true,
    answers: { 200: { description: "OpenAPI 3.1.", schema: Type.Object({}, { additionalProperties: true }) } },
    problems: [],
  },
} as const satisfies Record<string, Operation>;

/** Every operation by its id. A test compares them with the routes that are mounted. */
export const operations = { ...tasks, ...deliveries, ...targets, ...webhooks, ...service };
