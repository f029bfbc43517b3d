import { json, refuse } from "../answers.ts";
import { type Problem, toDotted } from "../check/check.ts";
import { type Fields, isJsonType, parseObject, toFields, toList, toText, toTexts } from "../parse.ts";
import type { Archive, Call, ChatService, Outcome, ServiceOptions } from "../service.ts";
import { checkMessage } from "./check.ts";

const FLOW_TOKEN = "simulated-flow-token";
const UNAUTHORIZED = json(401, { message: "Access denied. Invalid flow_token." });

/** Flowdock, or what people run in its place: takes messages on any path, with any flow token unless one is set. */
export function createFlowdock({ token }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}/messages`, flowToken: token ?? FLOW_TOKEN }),
    secrets: [token ?? FLOW_TOKEN],
    handle: (call, archive) => handle(call, archive, token),
    toRateLimited: (_call, seconds) =>
      json(429, { message: "Rate limit exceeded" }, { "retry-after": String(Math.ceil(seconds)) }),
    toGone: () => json(404, { message: "not found" }),
  };
}

function handle(call: Call, archive: Archive, token: string | undefined): Outcome {
  if (call.method !== "POST") return refuse("method not allowed", json(405, { message: "method not allowed" }));
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return refuse("invalid JSON", json(400, { message: "Invalid JSON" }));
  if (token !== undefined && payload.flow_token !== token) return refuse("invalid flow_token", UNAUTHORIZED);
  const problems = checkMessage(payload);
  if (problems.length > 0) return failValidation(problems);
  const id = archive.nextNumber();
  const thread = toText(payload.external_thread_id) || toText(payload.thread_id);
  const draft = { payload, texts: readTexts(payload), id: String(id), thread };
  const isWaiting = call.headers["x-flowdock-wait-for-message"] !== undefined;
  const answer = isWaiting ? json(200, { id, ...payload, flow_token: undefined }) : json(202, {});
  return { result: "posted", answer, draft };
}

function failValidation(problems: readonly Problem[]): Outcome {
  const errors: Record<string, string[]> = {};
  for (const { path, message } of problems) {
    const name = toDotted(path);
    errors[name] = [...(errors[name] ?? []), message];
  }
  const error = problems.map(({ path, message }) => `${toDotted(path)} ${message}`).join("; ");
  return refuse(error, json(422, { message: "Validation error", errors }));
}

/** Author, title and body, then the thread as this message leaves it. */
function readTexts(payload: Fields): string[] {
  const { title, body, fields, status } = toFields(payload.thread);
  const inFields = toList(fields).flatMap((field) => [toFields(field).label, toFields(field).value]);
  const ofThread = [title, body, ...inFields, toFields(status).value];
  return toTexts([toFields(payload.author).name, payload.title, payload.body, ...ofThread]).map(decode);
}

function decode(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
