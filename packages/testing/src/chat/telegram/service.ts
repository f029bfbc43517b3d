import { json, refuse } from "../answers.ts";
import { type Fields, isJsonType, parseObject, toFields } from "../parse.ts";
import type { Archive, Call, ChatAnswer, ChatService, Draft, Outcome, ServiceOptions } from "../service.ts";
import { MAX_ENTITIES, readContent } from "./content.ts";
import type { ParsedHtml } from "./html.ts";
import { findPings } from "./pings.ts";

const TOKEN = "123456:simulated-telegram-token";
const CHAT_ID = "-1001234567890";
/** A topic of the group that somebody else made. */
const TOPIC_ID = "77";
const NOT_MODIFIED =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

/** Telegram: a bot in one group that has topics. */
export function createTelegram({ token = TOKEN }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ apiUrl: baseUrl, token, chatId: CHAT_ID }),
    existingThread: TOPIC_ID,
    secrets: [token],
    // core.telegram.org/bots/faq: 20 messages a minute in one group.
    rate: { count: 20, perMs: 60_000 },
    handle: (call, archive) => handle(call, archive, token),
    toRateLimited: (_call, seconds) => {
      const wait = Math.ceil(seconds);
      const body = { ok: false, error_code: 429, description: `Too Many Requests: retry after ${wait}` };
      return json(429, { ...body, parameters: { retry_after: wait } }, { "retry-after": String(wait) });
    },
    toGone: () => toError(403, "Forbidden: bot was kicked from the group chat"),
  };
}

function handle(call: Call, archive: Archive, token: string): Outcome {
  const [, given, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(call.path) ?? [];
  if (given === undefined || !/^\d+:/.test(given)) return fail(404, "Not Found");
  if (given !== token) return fail(401, "Unauthorized");
  const isEdit = method.toLowerCase() === "editmessagetext";
  if (!isEdit && method.toLowerCase() !== "sendmessage") return fail(404, "Not Found");
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : {};
  if (payload === undefined) return bad("can't parse JSON object");
  if (payload.chat_id === undefined || payload.chat_id === "") return bad("chat_id is empty");
  if (String(payload.chat_id) !== CHAT_ID) return bad("chat not found");
  const content = readContent(payload);
  if ("error" in content) return bad(content.error);
  return isEdit ? edit(call, archive, { payload, ...content }) : send(call, archive, { payload, ...content });
}

interface Request {
  payload: Fields;
  parsed: ParsedHtml;
}

function send(call: Call, archive: Archive, { payload, parsed }: Request): Outcome {
  const { message_thread_id: topic, reply_parameters: reply } = payload;
  if (topic !== undefined && String(topic) !== TOPIC_ID) return bad("message thread not found");
  const { message_id: repliedId, allow_sending_without_reply: isOptional } = toFields(reply);
  if (reply !== undefined && repliedId === undefined) return bad("can't parse reply parameters: message_id is missing");
  const replied = repliedId === undefined ? undefined : archive.find(String(repliedId));
  if (repliedId !== undefined && replied === undefined && isOptional !== true) {
    return bad("message to be replied not found");
  }
  // An answer to an answer belongs to the first message of both.
  const root = replied === undefined || replied.isRoot ? replied?.id : replied.thread;
  const thread = root ?? (topic === undefined ? undefined : String(topic));
  const id = archive.nextNumber();
  const place = thread === undefined ? {} : { thread, isRoot: root === undefined };
  const draft = toDraft({ payload, parsed }, String(id), place);
  const answered = replied && { reply_to_message: { message_id: Number(replied.id) } };
  return {
    result: "posted",
    draft,
    answer: success({ ...toMessage(call, id, parsed), message_thread_id: topic, ...answered }),
  };
}

function edit(call: Call, archive: Archive, { payload, parsed }: Request): Outcome {
  const id = String(payload.message_id ?? "");
  const latest = archive.latest(id);
  if (latest === undefined) return bad("message to edit not found");
  const before = readContent(latest.payload);
  if ("parsed" in before && JSON.stringify(before.parsed) === JSON.stringify(parsed)) return bad(NOT_MODIFIED);
  const draft = toDraft({ payload, parsed }, id, latest.thread === undefined ? {} : { thread: latest.thread });
  const result = { ...toMessage(call, Number(id), parsed), edit_date: Math.floor(call.at / 1_000) };
  return { result: "updated", draft, answer: success(result) };
}

function toDraft({ payload, parsed }: Request, id: string, place: Pick<Draft, "thread" | "isRoot">): Draft {
  const count = parsed.entities.length;
  const truncated = count > MAX_ENTITIES ? [{ what: "entities", length: count }] : [];
  return { payload, texts: [parsed.text.trim()], id, ...place, pings: findPings(parsed), truncated };
}

function toMessage(call: Call, id: number, { text, entities }: ParsedHtml): Fields {
  const chat = { id: Number(CHAT_ID), title: "Simulated", type: "supergroup", is_forum: true };
  return {
    message_id: id,
    chat,
    date: Math.floor(call.at / 1_000),
    text: text.trim(),
    entities: entities.slice(0, MAX_ENTITIES),
  };
}

function success(result: Fields): ChatAnswer {
  return json(200, { ok: true, result });
}

function bad(what: string): Outcome {
  return fail(400, `Bad Request: ${what}`);
}

function fail(status: number, description: string): Outcome {
  return refuse(description, toError(status, description));
}

function toError(status: number, description: string): ChatAnswer {
  return json(status, { ok: false, error_code: status, description });
}
