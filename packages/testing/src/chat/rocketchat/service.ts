import { json, refuse } from "../answers.ts";
import { toDotted } from "../check/check.ts";
import { list, object } from "../check/shapes.ts";
import { boolean, text } from "../check/values.ts";
import { isJsonType, parseObject, toText, toTexts } from "../parse.ts";
import type { Archive, Call, ChatAnswer, ChatService, Outcome, ServiceOptions } from "../service.ts";
import { findAtMentions } from "../text/at-mentions.ts";
import { attachmentCheck, readAttachments } from "../text/attachments.ts";

const ID = "simulatedIntegration";
const TOKEN = "simulatedRocketChatToken";
// The default of the server's Message_MaxAllowedSize.
const MAX_TEXT = 5_000;
const TAKEN = json(200, { success: true });

const payloadCheck = object(
  {},
  {
    text: text(),
    channel: text(),
    alias: text(),
    username: text(),
    avatar: text(),
    icon_url: text(),
    emoji: text(),
    attachments: list(attachmentCheck({ collapsed: boolean() })),
  },
  "ignored",
);

/** Rocket.Chat: one incoming integration, without a script. */
export function createRocketChat({ token = TOKEN }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}/hooks/${ID}/${token}` }),
    secrets: [token],
    // The server's defaults: API_Enable_Rate_Limiter_Limit_Calls_Default and _Time_Default.
    rate: { count: 10, perMs: 60_000 },
    handle: (call, archive) => handle(call, archive, token),
    toRateLimited: (call, seconds) => {
      const wait = Math.ceil(seconds);
      const text = `Error, too many requests. Please slow down. You must wait ${wait} seconds before trying this endpoint again.`;
      const limits = { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0" };
      const reset = { "x-ratelimit-reset": String(call.at + wait * 1_000) };
      return toError(429, `${text} [error-too-many-requests]`, { ...limits, ...reset, "retry-after": String(wait) });
    },
    toGone: () => toError(404, "Invalid integration id or token provided."),
  };
}

function handle(call: Call, archive: Archive, token: string): Outcome {
  if (call.path !== `/hooks/${ID}/${token}`) return fail(404, "Invalid integration id or token provided.");
  if (call.method !== "POST") return fail(405, "Method Not Allowed");
  if (call.rawBody.length === 0) return { result: "dropped", answer: TAKEN, reason: "the body is empty" };
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return fail(400, "Invalid JSON");
  const [problem] = payloadCheck(payload, []);
  if (problem !== undefined) return fail(400, `Match error: ${problem.message} in field ${toDotted(problem.path)}`);
  const message = toText(payload.text);
  const attachments = readAttachments(payload.attachments);
  const texts = toTexts([message, ...attachments.map((part) => part.text)]);
  if (texts.join("").trim() === "") return { result: "dropped", answer: TAKEN, reason: "there is nothing to show" };
  if (message.length > MAX_TEXT) return fail(400, "error-message-size-exceeded");
  const pings = [{ text: message, where: "text" }, ...attachments].flatMap((part) =>
    findAtMentions(part.text, part.where),
  );
  const id = `rocketchat-${archive.nextNumber()}`;
  return { result: "posted", answer: TAKEN, draft: { payload, texts, id, pings } };
}

function fail(status: number, error: string): Outcome {
  return refuse(error, toError(status, error));
}

function toError(status: number, error: string, headers: Record<string, string> = {}): ChatAnswer {
  return json(status, { success: false, error }, headers);
}
