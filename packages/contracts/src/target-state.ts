import Type, { type Static } from "typebox";

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
  },
  { title: "TargetState" },
);

export const TargetListSchema = Type.Object({ data: Type.Array(TargetStateSchema) }, { title: "TargetList" });
export type TargetState = Static<typeof TargetStateSchema>;
