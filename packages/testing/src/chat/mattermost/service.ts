import { json, plain, refuse } from "../answers.ts";
import { toDotted } from "../check/check.ts";
import { list, object } from "../check/shapes.ts";
import { countCodePoints, text } from "../check/values.ts";
import { type Fields, isJsonType, parseObject, toText, toTexts } from "../parse.ts";
import type { Archive, Call, ChatAnswer, ChatService, Outcome, ServiceOptions } from "../service.ts";
import { findAtMentions } from "../text/at-mentions.ts";
import { attachmentCheck, readAttachments } from "../text/attachments.ts";

const TOKEN = "simulatedmattermosthook01";
// developers.mattermost.com, "Incoming webhooks", counted in code points.
const MAX_TEXT = 16_383;

const payloadCheck = object(
  {},
  {
    text: text(),
    channel: text(),
    username: text(),
    icon_url: text(),
    icon_emoji: text(),
    type: text(),
    props: object({}, {}, "ignored"),
    attachments: list(attachmentCheck()),
  },
  "ignored",
);

/** Mattermost: one incoming webhook. */
export function createMattermost({ token = TOKEN }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}/hooks/${token}` }),
    secrets: [token],
    // The server's own default, where its rate limit is on.
    rate: { count: 10, perMs: 1_000 },
    handle: (call, archive) => handle(call, archive, token),
    toRateLimited: (_call, seconds) => {
      const wait = String(Math.ceil(seconds));
      const limits = { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0", "x-ratelimit-reset": wait };
      return plain(429, "limit exceeded", { "retry-after": wait, ...limits });
    },
    toGone: () => toError(400, "invalid", "Invalid webhook."),
  };
}

function handle(call: Call, archive: Archive, token: string): Outcome {
  if (call.path !== `/hooks/${token}`) return fail("invalid", "Invalid webhook.");
  if (call.method !== "POST") return fail("method", "Method not allowed.", 405);
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return fail("decode", "Could not decode the multipart payload of incoming webhook.");
  const [problem] = payloadCheck(payload, []);
  if (problem !== undefined) return fail("parse", `Unable to parse incoming data: ${toDotted(problem.path)}`);
  const message = toText(payload.text);
  const attachments = readAttachments(payload.attachments);
  if (message === "" && !Array.isArray(payload.attachments)) return fail("text", "No text specified.");
  const length = countCodePoints(message);
  if (length > MAX_TEXT) {
    return fail("text.length", `Maximum text length is ${MAX_TEXT} characters, received size is ${length}.`);
  }
  const id = `mattermost-${archive.nextNumber()}`;
  const texts = toTexts([message, ...attachments.map((part) => part.text)]);
  return { result: "posted", answer: plain(200, "ok"), draft: { payload, texts, id, pings: findPings(payload) } };
}

function findPings(payload: Fields) {
  const attachments = readAttachments(payload.attachments).filter(({ where }) => !where.endsWith("footer"));
  return [{ text: toText(payload.text), where: "text" }, ...attachments].flatMap((part) =>
    findAtMentions(part.text, part.where),
  );
}

function fail(what: string, message: string, status = 400): Outcome {
  return refuse(`${what}: ${message}`, toError(status, what, message));
}

function toError(status: number, what: string, message: string): ChatAnswer {
  const id = `web.incoming_webhook.${what}.app_error`;
  return json(status, { id, message, detailed_error: "", request_id: "simulated", status_code: status });
}
