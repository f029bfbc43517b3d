import Type, { type Static } from "typebox";
import { TaskSchema } from "./task.ts";

const nullable = Type.Union([Type.String(), Type.Null()]);

export const TargetStateSchema = Type.Object(
  {
    name: Type.String(),
    kind: Type.String(),
    disabled: Type.Union([
      Type.Object({ at: Type.String({ format: "date-time" }), reason: Type.String() }),
      Type.Null(),
    ]),
    pausedUntil: nullable,
    pauseReason: nullable,
    breaker: Type.Enum(["closed", "open", "half_open"], {
      description:
        "open: nothing is sent after many failures; half_open: the next delivery tells whether it works again.",
    }),
    inFlight: Type.Integer({ description: "Deliveries being sent at this moment." }),
    waiting: Type.Integer({ description: "Deliveries that were told to wait, or that are parked." }),
  },
  { title: "TargetState" },
);

export const TargetListSchema = Type.Object({ data: Type.Array(TargetStateSchema) }, { title: "TargetList" });
export type TargetState = Static<typeof TargetStateSchema>;

/** The task that sends an example to a target. */
export const TestTaskSchema = Type.Intersect(
  [TaskSchema, Type.Object({ deliveryId: Type.String({ description: "The delivery that it makes." }) })],
  { title: "TestTask" },
);
export type TestTask = Static<typeof TestTaskSchema>;
