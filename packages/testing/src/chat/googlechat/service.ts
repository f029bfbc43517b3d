import { json, refuse } from "../answers.ts";
import { toDotted } from "../check/check.ts";
import { type Fields, isJsonType, parseObject, toFields, toList, toText } from "../parse.ts";
import type { Archive, Call, ChatAnswer, ChatService, Outcome, ServiceOptions } from "../service.ts";
import { checkMessage, countCutWidgets } from "./check.ts";
import { findPings, readTexts } from "./read.ts";

const SPACE = "spaces/AAA";
const KEY = "simulated-google-key";
const TOKEN = "simulated-google-token";
// developers.google.com/workspace/chat, "Create a message": text and cards together.
const MAX_BYTES = 32_000;
const JOINING = ["REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD", "REPLY_MESSAGE_OR_FAIL"];
const statuses = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
} as const;

type Status = keyof typeof statuses;

/** Google Chat: one webhook of a space. */
export function createGoogleChat({ token = TOKEN }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}/v1/${SPACE}/messages?key=${KEY}&token=${token}` }),
    secrets: [KEY, token],
    // developers.google.com/workspace/chat/limits: one a second for all webhooks of a space.
    rate: { count: 1, perMs: 1_000 },
    handle: (call, archive) => handle(call, archive, token),
    toRateLimited: (_call, seconds) =>
      toError("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", [
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` },
      ]),
    toGone: () => toError("NOT_FOUND", "Requested entity was not found."),
  };
}

function handle(call: Call, archive: Archive, token: string): Outcome {
  if (call.path !== `/v1/${SPACE}/messages` || call.method !== "POST") return fail("NOT_FOUND", "Method not found.");
  if (call.query.get("key") === null) return fail("PERMISSION_DENIED", "Method doesn't allow unregistered callers.");
  if (call.query.get("key") !== KEY) return fail("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.");
  if (call.query.get("token") !== token)
    return fail("UNAUTHENTICATED", "Request had invalid authentication credentials.");
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return fail("INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected token.");
  const wrong = checkContent(call, payload);
  return wrong === undefined ? post(call, payload, archive) : fail("INVALID_ARGUMENT", wrong);
}

function checkContent(call: Call, payload: Fields): string | undefined {
  const [problem] = checkMessage(payload);
  if (problem?.rule === "unknown") {
    const [name, ...parents] = problem.path.toReversed();
    const at = parents.length === 0 ? "" : ` at 'message.${toDotted(parents.toReversed())}'`;
    return `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`;
  }
  if (problem !== undefined) return `Invalid value at 'message.${toDotted(problem.path)}': ${problem.message}`;
  if (toText(payload.text).trim() === "" && toList(payload.cardsV2).length === 0) {
    return `Message cannot be empty. Discarding empty create message request in ${SPACE}.`;
  }
  if (call.rawBody.length > MAX_BYTES) return `Message is too long: ${call.rawBody.length} of ${MAX_BYTES} bytes.`;
  return undefined;
}

function post(call: Call, payload: Fields, archive: Archive): Outcome {
  const option = call.query.get("messageReplyOption");
  const threadKey = toText(toFields(payload.thread).threadKey) || (call.query.get("threadKey") ?? "");
  const isJoining = option !== null && JOINING.includes(option) && threadKey !== "";
  if (option === "REPLY_MESSAGE_OR_FAIL" && !archive.hasThread(threadKey))
    return fail("NOT_FOUND", "Thread not found.");
  const number = archive.nextNumber();
  // Without the option the key is ignored, and each message begins a thread of its own.
  const thread = isJoining ? threadKey : `${SPACE}/threads/${number}`;
  const id = `${SPACE}/messages/${number}`;
  const truncated = countCutWidgets(payload).map((length) => ({ what: "widgets", length }));
  const name = isJoining ? `${SPACE}/threads/${encodeURIComponent(threadKey)}` : thread;
  const answer = json(200, {
    name: id,
    sender: { name: "users/1", type: "BOT" },
    createTime: new Date(call.at).toISOString(),
    text: toText(payload.text),
    cardsV2: payload.cardsV2,
    thread: { name, ...(isJoining && { threadKey }) },
    space: { name: SPACE },
  });
  const draft = { payload, texts: readTexts(payload), id, thread, pings: findPings(payload), truncated };
  return { result: "posted", answer, draft };
}

function fail(status: Status, message: string): Outcome {
  return refuse(`${status}: ${message}`, toError(status, message));
}

function toError(status: Status, message: string, details?: unknown[]): ChatAnswer {
  return json(statuses[status], { error: { code: statuses[status], message, status, details } });
}
