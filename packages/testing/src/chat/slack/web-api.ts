import { json, refuse } from "../answers.ts";
import { type Fields, isJsonType, parseObject, toText } from "../parse.ts";
import type { Archive, Call, ChatAnswer, Outcome } from "../service.ts";
import { type ContentError, checkContent } from "./content.ts";
import { findPings, readTexts } from "./read.ts";

export interface Workspace {
  token: string;
  channel: string;
  /** A new `ts`, later than all before. */
  nextTs(at: number): string;
}

/** Slack's Web API: whatever goes wrong is told in a 200. */
export function handleWebApi(call: Call, archive: Archive, workspace: Workspace): Outcome {
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  const wrong = checkCaller(call, workspace) ?? checkRequest(call, payload, workspace);
  if (wrong !== undefined || payload === undefined) return fail(wrong ?? { error: "invalid_json" });
  return call.path === "/api/chat.update"
    ? update(call, payload, archive)
    : post(call, payload, { archive, workspace });
}

export function failure({ error, details }: ContentError): ChatAnswer {
  const more = details && {
    errors: details,
    response_metadata: { messages: details.map((text) => `[ERROR] ${text}`) },
  };
  return json(200, { ok: false, error, ...more });
}

function fail(wrong: ContentError): Outcome {
  return refuse(wrong.error, failure(wrong));
}

function checkCaller(call: Call, { token }: Workspace): ContentError | undefined {
  if (!["/api/chat.postMessage", "/api/chat.update"].includes(call.path)) return { error: "unknown_method" };
  const { authorization } = call.headers;
  if (authorization === undefined) return { error: "not_authed" };
  return authorization === `Bearer ${token}` ? undefined : { error: "invalid_auth" };
}

function checkRequest(call: Call, payload: Fields | undefined, workspace: Workspace): ContentError | undefined {
  const type = call.headers["content-type"] ?? "";
  if (call.method !== "POST" || !isJsonType(type)) return { error: "invalid_post_type" };
  const charset = /charset=["']?([^"';\s]+)/i.exec(type)?.[1];
  if (charset !== undefined && charset.toLowerCase() !== "utf-8") return { error: "invalid_charset" };
  if (payload === undefined) return { error: "invalid_json" };
  if (toText(payload.channel) === "") {
    return { error: "invalid_arguments", details: ["missing required field: channel"] };
  }
  return payload.channel === workspace.channel ? checkContent(payload) : { error: "channel_not_found" };
}

function post(
  call: Call,
  payload: Fields,
  { archive, workspace }: { archive: Archive; workspace: Workspace },
): Outcome {
  const { thread_ts: threadTs } = payload;
  if (threadTs !== undefined && typeof threadTs !== "string") return fail({ error: "invalid_arguments" });
  // An answer is no root: Slack opens no thread inside a thread.
  if (threadTs !== undefined && archive.find(threadTs)?.isRoot !== true) return fail({ error: "thread_not_found" });
  const ts = workspace.nextTs(call.at);
  const draft = {
    payload,
    texts: readTexts(payload),
    id: ts,
    ...(threadTs !== undefined && { thread: threadTs, isRoot: false }),
    pings: findPings(payload),
  };
  return { result: "posted", draft, answer: success(call, payload, ts) };
}

function update(call: Call, payload: Fields, archive: Archive): Outcome {
  const ts = toText(payload.ts);
  const posted = archive.find(ts);
  if (posted === undefined) return fail({ error: "message_not_found" });
  const thread = posted.thread === undefined ? {} : { thread: posted.thread };
  const draft = { payload, texts: readTexts(payload), id: ts, ...thread, pings: findPings(payload) };
  return { result: "updated", draft, answer: success(call, payload, ts) };
}

function success(call: Call, payload: Fields, ts: string): ChatAnswer {
  const message = { type: "message", subtype: "bot_message", bot_id: "B000", ts, text: toText(payload.text) };
  const { blocks, thread_ts } = payload;
  const warning = /charset/i.test(call.headers["content-type"] ?? "")
    ? {}
    : { warning: "missing_charset", response_metadata: { warnings: ["missing_charset"] } };
  return json(200, { ok: true, channel: payload.channel, ts, message: { ...message, blocks, thread_ts }, ...warning });
}
