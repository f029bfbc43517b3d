import { json } from "../answers.ts";
import type { Archive, Call, ChatService, Outcome, ServiceOptions } from "../service.ts";
import { fail, findFault, findPings, toError, toKept, type ZulipError } from "./check.ts";

const EMAIL = "hookline-bot@zulip.example";
const API_KEY = "simulatedZulipApiKey";
const STREAM = "general";
const STREAM_ID = "7";
const TOPIC = "hookline";

/** Zulip: one bot in one stream, whose topics are its threads. */
export function createZulip({ token: apiKey = API_KEY }: ServiceOptions): ChatService {
  return {
    toTarget: (baseUrl) => ({ url: baseUrl, email: EMAIL, apiKey, stream: STREAM, topic: TOPIC }),
    secrets: [apiKey, Buffer.from(`${EMAIL}:${apiKey}`).toString("base64")],
    // The server's default for one user.
    rate: { count: 200, perMs: 60_000 },
    handle: (call, archive) => handle(call, archive, apiKey),
    toRateLimited: (_call, seconds) =>
      toError({
        status: 429,
        msg: "API usage exceeded rate limit",
        code: "RATE_LIMIT_HIT",
        headers: { "retry-after": String(seconds), "x-ratelimit-remaining": "0", "x-ratelimit-limit": "200" },
        more: { "retry-after": seconds },
      }),
    toGone: () => toError({ status: 401, msg: "Account is deactivated", code: "USER_DEACTIVATED" }),
  };
}

function handle(call: Call, archive: Archive, apiKey: string): Outcome {
  const [, messageId] = /^\/api\/v1\/messages(?:\/(\d+))?$/.exec(call.path) ?? ["", "none"];
  if (messageId === "none") return fail({ status: 404, msg: "Not found" });
  if (call.method !== (messageId === undefined ? "POST" : "PATCH")) {
    return fail({ status: 405, msg: "Method Not Allowed", code: "METHOD_NOT_ALLOWED" });
  }
  const denied = checkCaller(call, apiKey);
  if (denied !== undefined) return fail(denied);
  // A body of another type has no parameters at all.
  const isForm = (call.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const form = new URLSearchParams(isForm ? call.rawBody.toString("utf8") : "");
  return messageId === undefined ? post(form, archive) : edit(form, archive, messageId);
}

function checkCaller(call: Call, apiKey: string): ZulipError | undefined {
  const encoded = /^Basic (\S+)$/i.exec(call.headers.authorization ?? "")?.[1];
  if (encoded === undefined) {
    const headers = { "www-authenticate": 'Basic realm="zulip"' };
    const msg = "Not logged in: API authentication or user session required";
    return { status: 401, msg, code: "UNAUTHORIZED", headers };
  }
  const isKnown = Buffer.from(encoded, "base64").toString("utf8") === `${EMAIL}:${apiKey}`;
  return isKnown ? undefined : { status: 401, msg: "Invalid API key", code: "UNAUTHORIZED" };
}

function post(form: URLSearchParams, archive: Archive): Outcome {
  const type = form.get("type");
  const to = form.get("to");
  const missing = ["type", "to", "content"].find((name) => form.get(name) === null);
  if (missing !== undefined) return failMissing(missing);
  if (type !== "stream" && type !== "channel") return fail({ msg: "Invalid type" });
  if (to === null || !isStream(to)) {
    return fail({ msg: `Channel '${to}' does not exist`, code: "STREAM_DOES_NOT_EXIST", more: { stream: to } });
  }
  const topic = (form.get("topic") ?? form.get("subject"))?.trim();
  const content = (form.get("content") ?? "").trimEnd();
  if (topic === undefined) return fail({ msg: "Missing topic" });
  const msg = findFault(topic, content);
  if (msg !== undefined) return fail({ msg });
  const kept = toKept(topic, content);
  const number = archive.nextNumber();
  const { truncated } = kept;
  const payload = { ...Object.fromEntries(form), topic: kept.topic, content: kept.content };
  const texts = [kept.topic, kept.content].filter((part) => part !== "");
  const draft = { payload, texts, id: String(number), thread: kept.topic, pings: findPings(kept.content), truncated };
  return { result: "posted", draft, answer: json(200, { result: "success", msg: "", id: number }) };
}

// A stream's id, its name, or either of them as JSON, alone or in a list.
function isStream(to: string): boolean {
  return [STREAM, STREAM_ID, `"${STREAM}"`, `["${STREAM}"]`, `[${STREAM_ID}]`].includes(to);
}

function edit(form: URLSearchParams, archive: Archive, id: string): Outcome {
  const latest = archive.latest(id);
  if (latest === undefined) return fail({ msg: "Invalid message(s)" });
  const topic = form.get("topic")?.trim();
  const content = form.get("content")?.trimEnd();
  if (topic === undefined && content === undefined) return fail({ msg: "Nothing to change" });
  const msg = findFault(topic, content);
  if (msg !== undefined) return fail({ msg });
  const kept = toKept(topic ?? latest.thread ?? "", content ?? String(latest.payload.content ?? ""));
  const payload = { ...latest.payload, ...Object.fromEntries(form), topic: kept.topic, content: kept.content };
  const { truncated } = kept;
  const texts = [kept.topic, kept.content];
  const draft = { payload, texts, id, thread: kept.topic, pings: findPings(kept.content), truncated };
  return { result: "updated", draft, answer: json(200, { result: "success", msg: "", detached_uploads: [] }) };
}

function failMissing(name: string): Outcome {
  return fail({ msg: `Missing '${name}' argument`, code: "REQUEST_VARIABLE_MISSING", more: { var_name: name } });
}
