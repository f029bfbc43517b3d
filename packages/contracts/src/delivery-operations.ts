import Type from "typebox";
import {
  DeliveryListSchema,
  DeliveryQuerySchema,
  DeliverySchema,
  RedeliveredSchema,
  RedeliverRequestSchema,
} from "./delivery.ts";
import { changing, json, type Operation } from "./operation.ts";
import { TargetListSchema, TestTaskSchema } from "./target-state.ts";

/** `/deliveries`: what was tried at one target. */
export const deliveries = {
  listDeliveries: {
    id: "listDeliveries",
    method: "get",
    path: "/deliveries",
    tag: "deliveries",
    summary: "List deliveries, the newest first",
    query: DeliveryQuerySchema,
    answers: {
      200: {
        description: "A page. It may hold fewer than `limit`, even none, and still name a next one.",
        schema: DeliveryListSchema,
      },
    },
    problems: ["invalid_request", "unauthorized", "too_many_requests", "unavailable"],
  },
  getDelivery: {
    id: "getDelivery",
    method: "get",
    path: "/deliveries/{id}",
    tag: "deliveries",
    summary: "Show a delivery with its attempts",
    answers: { 200: { description: "The delivery; secrets are masked.", schema: DeliverySchema } },
    problems: ["unauthorized", "too_many_requests", "not_found", "unavailable"],
  },
  redeliver: {
    id: "redeliver",
    method: "post",
    path: "/deliveries/{id}/redeliver",
    tag: "deliveries",
    summary: "Send a delivery again that failed or arrived",
    description: "With all its attempts anew, the same message and the same webhook-id.",
    answers: { 202: { description: "The delivery.", schema: DeliverySchema } },
    problems: [...changing, "not_found", "conflict"],
  },
  redeliverMatching: {
    id: "redeliverMatching",
    method: "post",
    path: "/deliveries/redeliver",
    tag: "deliveries",
    summary: "Send all deliveries again that match, the oldest first",
    description: "`dryRun: true` counts them and changes nothing.",
    body: { types: json, schema: RedeliverRequestSchema },
    answers: {
      200: { description: "What a dry run counted.", schema: RedeliveredSchema },
      202: { description: "How many were put back.", schema: RedeliveredSchema },
    },
    problems: [
      ...changing,
      "malformed_json",
      "invalid_request",
      "payload_too_large",
      "unsupported_media_type",
      "unknown_target",
    ],
  },
} as const satisfies Record<string, Operation>;

/** `/targets`: the configured places to post. */
export const targets = {
  listTargets: {
    id: "listTargets",
    method: "get",
    path: "/targets",
    tag: "targets",
    summary: "List the configured targets and their state",
    answers: { 200: { description: "Names and state, never secrets.", schema: TargetListSchema } },
    problems: ["unauthorized", "too_many_requests", "unavailable"],
  },
  testTarget: {
    id: "testTarget",
    method: "post",
    path: "/targets/{name}/test",
    tag: "targets",
    summary: "Send an example to a configured target",
    description: "A task like any other, without retries.",
    answers: { 202: { description: "The task that sends it.", schema: TestTaskSchema } },
    problems: [...changing, "not_found"],
  },
  enableTarget: {
    id: "enableTarget",
    method: "post",
    path: "/targets/{name}/enable",
    tag: "targets",
    summary: "Enable a disabled target and send what was parked for it",
    answers: {
      202: { description: "Enabled.", schema: Type.Object({ enabled: Type.String(), released: Type.Integer() }) },
    },
    problems: [...changing, "not_found"],
  },
} as const satisfies Record<string, Operation>;
