import { json } from "../answers.ts";
import { type Fields, isJsonType, parseObject, toList, toText } from "../parse.ts";
import type { Archive, Call, ChatAnswer, ChatService, Draft, Outcome, ServiceOptions } from "../service.ts";
import { checkMessage, isEmpty, toEmbedTexts } from "./check.ts";
import { fail, failForm, toErrorAnswer } from "./errors.ts";
import { findPings } from "./pings.ts";

const WEBHOOK_ID = "1000000000000000001";
const CHANNEL_ID = "1000000000000000002";
/** A thread of the channel that somebody else began. */
const THREAD_ID = "1000000000000000077";
const TOKEN = "simulated-discord-webhook-token";
const FIRST_SNOWFLAKE = 1_100_000_000_000_000_000n;

/** Discord: one webhook, of a text channel or of a forum. */
export function createDiscord({ token = TOKEN, isForum }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}/api/webhooks/${WEBHOOK_ID}/${token}` }),
    existingThread: THREAD_ID,
    secrets: [token],
    // Not documented, told in headers: five requests in two seconds for a webhook.
    rate: { count: 5, perMs: 2_000 },
    handle: (call, archive) => {
      const outcome = handle(call, archive, { token, isForum });
      return { ...outcome, answer: withLimits(outcome.answer, { remaining: 4, seconds: 2 }) };
    },
    toRateLimited: (_call, seconds) => {
      const body = { message: "You are being rate limited.", retry_after: seconds, global: false };
      const answer = json(429, body, { "retry-after": String(Math.ceil(seconds)), "x-ratelimit-scope": "user" });
      return withLimits(answer, { remaining: 0, seconds });
    },
    toGone: () => toErrorAnswer("unknownWebhook"),
  };
}

interface Webhook {
  token: string;
  isForum: boolean;
}

function handle(call: Call, archive: Archive, webhook: Webhook): Outcome {
  const [, id, token, messageId] =
    /^\/api(?:\/v\d+)?\/webhooks\/(\d+)\/([^/]+)(?:\/messages\/(\d+))?$/.exec(call.path) ?? [];
  if (id === undefined) return fail("notFound");
  if (call.method !== (messageId === undefined ? "POST" : "PATCH")) return fail("notAllowed");
  if (id !== WEBHOOK_ID) return fail("unknownWebhook");
  if (token !== webhook.token) return fail("invalidToken");
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return fail("invalidJson");
  const problems = checkMessage(payload);
  if (problems.length > 0) return failForm(problems);
  return messageId === undefined
    ? post(call, payload, { archive, webhook })
    : edit(call, payload, { archive, messageId });
}

function post(call: Call, payload: Fields, { archive, webhook }: { archive: Archive; webhook: Webhook }): Outcome {
  if (isEmpty(payload)) return fail("empty");
  const threadId = call.query.get("thread_id") ?? undefined;
  const hasName = toText(payload.thread_name) !== "";
  if (webhook.isForum && threadId === undefined && !hasName) return fail("forumNeedsThread");
  if (threadId !== undefined && hasName) return fail("bothThreads");
  if (hasName && !webhook.isForum) return fail("noForum");
  if (threadId !== undefined && threadId !== THREAD_ID && !archive.hasThread(threadId)) return fail("unknownChannel");
  const id = String(FIRST_SNOWFLAKE + BigInt(archive.nextNumber()));
  // A forum post's thread has the id of its first message.
  const thread = hasName ? id : threadId;
  const draft = toDraft(payload, id, thread === undefined ? {} : { thread, isRoot: hasName });
  const waits = call.query.get("wait") === "true";
  const answer = waits ? json(200, toMessage(call, payload, draft)) : { status: 204, body: "", headers: {} };
  return { result: "posted", draft, answer };
}

function edit(call: Call, change: Fields, { archive, messageId }: { archive: Archive; messageId: string }): Outcome {
  const latest = archive.latest(messageId);
  const threadId = call.query.get("thread_id") ?? undefined;
  if (latest === undefined || latest.thread !== threadId) return fail("unknownMessage");
  const payload = { ...latest.payload, ...change };
  if (isEmpty(payload)) return fail("empty");
  const draft = toDraft(payload, messageId, threadId === undefined ? {} : { thread: threadId });
  // Whom the first version was allowed to notify says nothing about the second.
  const pings = findPings({ content: change.content, allowed_mentions: change.allowed_mentions });
  return { result: "updated", draft: { ...draft, pings }, answer: json(200, toMessage(call, payload, draft)) };
}

function toDraft(payload: Fields, id: string, place: Pick<Draft, "thread" | "isRoot">): Draft {
  const texts = [toText(payload.thread_name), toText(payload.content), ...toList(payload.embeds).flatMap(toEmbedTexts)];
  return { payload, texts: texts.filter((part) => part !== ""), id, ...place, pings: findPings(payload) };
}

function toMessage(call: Call, payload: Fields, { id, thread }: Draft): Fields {
  return {
    id,
    type: 0,
    content: toText(payload.content),
    channel_id: thread ?? CHANNEL_ID,
    author: { bot: true, id: WEBHOOK_ID, username: "Simulated" },
    embeds: toList(payload.embeds),
    attachments: [],
    timestamp: new Date(call.at).toISOString(),
    webhook_id: WEBHOOK_ID,
  };
}

function withLimits(answer: ChatAnswer, { remaining, seconds }: { remaining: number; seconds: number }): ChatAnswer {
  const limits = {
    "x-ratelimit-limit": "5",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset-after": String(seconds),
    "x-ratelimit-bucket": "simulated",
  };
  return { ...answer, headers: { ...answer.headers, ...limits } };
}
