import { BasecampAnswerSchema, BasecampWebhookSchema } from "./basecamp-webhook.ts";
import { json, type Operation } from "./operation.ts";

/** What sources post. */
export const webhooks = {
  receiveBasecamp: {
    id: "receiveBasecamp",
    method: "post",
    path: "/webhooks/basecamp/recordings/{inboxToken}",
    tag: "webhooks",
    summary: "Take a Basecamp webhook",
    description:
      "The token belongs to an inbox of the project file and is the only key asked for. Answers when the event is durable, before anything is sent.",
    isOpen: true,
    hasSecretPath: true,
    body: { types: json, schema: BasecampWebhookSchema },
    answers: { 202: { description: "Accepted, or known already.", schema: BasecampAnswerSchema } },
    problems: [
      "malformed_json",
      "invalid_request",
      "forbidden",
      "not_found",
      "payload_too_large",
      "unsupported_media_type",
      "invalid_recording",
      "too_many_requests",
      "unavailable",
    ],
  },
} as const satisfies Record<string, Operation>;
