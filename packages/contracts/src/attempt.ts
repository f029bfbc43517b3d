import Type, { type Static } from "typebox";

const headers = Type.Record(Type.String(), Type.String());

/** One try of a delivery, as it is kept and shown. Secrets are masked before it is written. */
export const AttemptSchema = Type.Object(
  {
    number: Type.Integer({ description: "Counted from 1." }),
    at: Type.String({ format: "date-time" }),
    outcome: Type.Enum(["delivered", "failed", "retry_later", "gone", "forbidden"]),
    status: Type.Union([Type.Integer(), Type.Null()], { description: "HTTP status; null when there was no answer." }),
    durationMs: Type.Integer(),
    error: Type.Union([Type.String(), Type.Null()]),
    request: Type.Object({ url: Type.String(), headers }),
    response: Type.Union([
      Type.Object({
        headers,
        body: Type.String({ description: "The first 16 KiB." }),
        truncated: Type.Boolean(),
      }),
      Type.Null(),
    ]),
  },
  { title: "Attempt" },
);
export type Attempt = Static<typeof AttemptSchema>;
