import { json, refuse } from "../answers.ts";
import type { Problem } from "../check/check.ts";
import { type Fields, toFields } from "../parse.ts";
import type { Outcome } from "../service.ts";

// discord.com/developers/docs, "Opcodes and Status Codes: JSON error codes".
const errors = {
  notFound: [404, 0, "404: Not Found"],
  notAllowed: [405, 0, "405: Method Not Allowed"],
  unknownChannel: [404, 10_003, "Unknown Channel"],
  unknownMessage: [404, 10_008, "Unknown Message"],
  unknownWebhook: [404, 10_015, "Unknown Webhook"],
  empty: [400, 50_006, "Cannot send an empty message"],
  invalidToken: [401, 50_027, "Invalid Webhook Token"],
  invalidJson: [400, 50_109, "The request body contains invalid JSON."],
  forumNeedsThread: [400, 220_001, "Webhooks posted to forum channels must have a thread_name or thread_id"],
  bothThreads: [400, 220_002, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"],
  noForum: [400, 220_003, "Webhooks can only create threads in forum channels"],
} as const satisfies Record<string, readonly [number, number, string]>;

export type DiscordError = keyof typeof errors;

export function toErrorAnswer(error: DiscordError) {
  const [status, code, message] = errors[error];
  return json(status, { message, code });
}

export function fail(error: DiscordError): Outcome {
  return refuse(`${errors[error][1]} ${errors[error][2]}`, toErrorAnswer(error));
}

/** The answer to a message with a wrong form: errors stand where the wrong member stood. */
export function failForm(problems: readonly Problem[]): Outcome {
  const tree: Fields = {};
  for (const problem of problems) {
    const node = problem.path.reduce<Fields>((parent, step) => {
      const child = toFields(parent[step]);
      parent[step] = child;
      return child;
    }, tree);
    const before = Array.isArray(node._errors) ? node._errors : [];
    node._errors = [...before, { code: toCode(problem), message: toMessage(problem) }];
  }
  const error = problems.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  return refuse(`50035 ${error}`, json(400, { message: "Invalid Form Body", code: 50_035, errors: tree }));
}

function toCode({ rule, message, min }: Problem): string {
  if (message.startsWith("Embed size")) return "MAX_EMBED_SIZE_EXCEEDED";
  switch (rule) {
    case "required":
      return "BASE_TYPE_REQUIRED";
    case "length":
    case "count":
      return min ? "BASE_TYPE_BAD_LENGTH" : "BASE_TYPE_MAX_LENGTH";
    case "type":
      return "MODEL_TYPE_CONVERT";
    default:
      return message.includes("URL") ? "URL_TYPE_INVALID_URL" : "BASE_TYPE_CHOICES";
  }
}

function toMessage({ rule, message, min, max }: Problem): string {
  if (rule === "required") return "This field is required";
  if (max === undefined) return message;
  return min ? `Must be between ${min} and ${max} in length.` : `Must be ${max} or fewer in length.`;
}
