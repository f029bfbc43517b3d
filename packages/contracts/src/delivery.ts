import Type, { type Static } from "typebox";
import { AttemptSchema } from "./attempt.ts";
import { deliveryStatuses, NextAttemptSchema } from "./task.ts";

export const DeliverySchema = Type.Object(
  {
    id: Type.String({ description: "Also the webhook-id of every attempt." }),
    taskId: Type.String(),
    target: Type.String(),
    kind: Type.String(),
    status: Type.Enum([...deliveryStatuses]),
    createdAt: Type.String({ format: "date-time" }),
    nextAttempt: Type.Union([NextAttemptSchema, Type.Null()]),
    attempts: Type.Array(AttemptSchema, { description: "The oldest first; at most the newest 100." }),
    links: Type.Record(Type.String(), Type.String()),
  },
  { title: "Delivery" },
);
export type Delivery = Static<typeof DeliverySchema>;
