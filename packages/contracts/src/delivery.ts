import Type, { type Static } from "typebox";
import { AttemptSchema } from "./attempt.ts";
import { pageLimit } from "./operation.ts";
import { deliveryStatuses, NextAttemptSchema, TaskErrorSchema } from "./task.ts";

const head = {
  id: Type.String({ description: "Also the webhook-id of every attempt." }),
  taskId: Type.String(),
  target: Type.String(),
  kind: Type.String({ description: "The target's kind; `unknown` when the target is no longer configured." }),
  status: Type.Enum([...deliveryStatuses]),
  createdAt: Type.String({ format: "date-time" }),
  nextAttempt: Type.Union([NextAttemptSchema, Type.Null()]),
};
const links = Type.Record(Type.String(), Type.String());

export const DeliverySchema = Type.Object(
  {
    ...head,
    attempts: Type.Array(AttemptSchema, { description: "The oldest first; at most the newest 100." }),
    links,
  },
  { title: "Delivery" },
);
export type Delivery = Static<typeof DeliverySchema>;

/** A delivery among others: its attempts are counted, not told. */
export const ListedDeliverySchema = Type.Object(
  {
    ...head,
    attempts: Type.Integer({ description: "Attempts used up since it was last sent again; waits use none." }),
    error: Type.Union([TaskErrorSchema, Type.Null()]),
    links,
  },
  { title: "ListedDelivery" },
);
export type ListedDelivery = Static<typeof ListedDeliverySchema>;

export const DeliveryListSchema = Type.Object(
  { data: Type.Array(ListedDeliverySchema), nextCursor: Type.Union([Type.String(), Type.Null()]) },
  { title: "DeliveryList" },
);
export type DeliveryList = Static<typeof DeliveryListSchema>;

const moment = (description: string) =>
  Type.Optional(
    Type.String({
      format: "date-time",
      maxLength: 40,
      description,
      "x-message": "must be a date and time with an offset, such as 2030-01-31T09:00:00Z",
    }),
  );

/** What deliveries are chosen by, wherever they are. */
const filter = {
  target: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 400,
      description: "A target's name, as deliveries tell it.",
      "x-message": "must be the name of a target",
    }),
  ),
  since: moment("Deliveries made at this time or later."),
  until: moment("Deliveries made before this time."),
};

export const DeliveryQuerySchema = Type.Object(
  {
    ...filter,
    status: Type.Optional(
      Type.Enum([...deliveryStatuses], { "x-message": `must be one of ${deliveryStatuses.join(", ")}` }),
    ),
    limit: pageLimit,
    cursor: Type.Optional(
      Type.String({
        pattern: "^[0-9a-f]{12}d[0-9a-f]{28}-[0-9a-f]{8}$",
        description: "nextCursor of the page before.",
        "x-message": "must be the nextCursor of a page before",
      }),
    ),
  },
  { additionalProperties: false },
);
export type DeliveryQuery = Static<typeof DeliveryQuerySchema>;

export const RedeliverRequestSchema = Type.Object(
  {
    ...filter,
    status: Type.Optional(
      Type.Enum(["failed", "delivered"], {
        description: "failed when left out. Those that wait or run are never touched.",
        "x-message": "must be failed or delivered",
      }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: "Only count what matches." })),
  },
  { additionalProperties: false, title: "RedeliverRequest", examples: [{ target: "default", dryRun: true }] },
);
export type RedeliverRequest = Static<typeof RedeliverRequestSchema>;

export const RedeliveredSchema = Type.Object(
  {
    matched: Type.Integer({ description: "Deliveries that the filter chose." }),
    redelivered: Type.Integer({
      description: "Of these, put back: none in a dry run, and none whose message has expired.",
    }),
  },
  { title: "Redelivered" },
);
export type Redelivered = Static<typeof RedeliveredSchema>;
