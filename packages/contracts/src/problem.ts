import Type, { type Static } from "typebox";

export const ProblemErrorSchema = Type.Object(
  { pointer: Type.String({ description: "JSON Pointer (RFC 6901)." }), message: Type.String() },
  { title: "ProblemError" },
);

/** What is wrong with each field: the shape that clients of the service which took Basecamp's webhooks before know. */
export const FieldErrorsSchema = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })]),
  { title: "FieldErrors" },
);
export type FieldErrors = Static<typeof FieldErrorsSchema>;

/** RFC 9457. `code` and `error` stand beside it for clients of the service this one replaces. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: "Stable: urn:hookline:problem: and the name of the problem." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Optional(
      Type.Union([Type.Array(ProblemErrorSchema), FieldErrorsSchema], {
        description: "What is wrong, one by one: a list, or by field where Basecamp's webhooks are taken.",
      }),
    ),
    code: Type.Optional(Type.Integer()),
    error: Type.Optional(Type.String()),
  },
  { title: "Problem" },
);
export type Problem = Static<typeof ProblemSchema>;

/** Every problem a client can meet: HTTP status and title. */
export const problemTypes = {
  malformed_json: { status: 400, title: "The body is not JSON" },
  invalid_request: { status: 400, title: "The request is invalid" },
  unauthorized: { status: 401, title: "An API key is needed" },
  forbidden: { status: 403, title: "That is not allowed" },
  not_found: { status: 404, title: "There is nothing here" },
  method_not_allowed: { status: 405, title: "That method is not allowed here" },
  conflict: { status: 409, title: "Its present state does not allow that" },
  request_in_progress: { status: 409, title: "The first request with this key is still under way" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body's type is not supported" },
  no_target: { status: 422, title: "There is no target" },
  unknown_target: { status: 422, title: "There is no such target" },
  invalid_recording: { status: 422, title: "The recording is invalid" },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key belongs to another request" },
  too_many_requests: { status: 429, title: "Too many requests, or wrong keys" },
  too_many_tasks: { status: 429, title: "Too many tasks are waiting" },
  internal_error: { status: 500, title: "Something went wrong here" },
  unavailable: { status: 503, title: "The queue cannot be reached" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemType = keyof typeof problemTypes;
