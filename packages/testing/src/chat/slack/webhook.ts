import { plain, refuse } from "../answers.ts";
import { isJsonType, parseObject, toText } from "../parse.ts";
import type { Archive, Call, Outcome } from "../service.ts";
import { checkContent } from "./content.ts";
import { findPings, readTexts } from "./read.ts";

export const WEBHOOK_PATH = "/services/T000/B000/XXXX";

/** An incoming webhook: answers in plain text and tells no `ts`, so nothing can be answered in a thread of it. */
export function handleWebhook(call: Call, archive: Archive, channel: string): Outcome {
  if (call.path !== WEBHOOK_PATH) return refuse("no_service", plain(404, "no_service"));
  if (call.method !== "POST") return refuse("http_method_not_post", plain(405, "http_method_not_post"));
  const payload = isJsonType(call.headers["content-type"]) ? parseObject(call.rawBody) : undefined;
  if (payload === undefined) return refuse("invalid_payload", plain(400, "invalid_payload"));
  const asked = payload.channel ?? channel;
  if (asked !== channel) return refuse("channel_not_found", plain(404, "channel_not_found"));
  const wrong = checkContent(payload);
  if (wrong !== undefined) return refuse(wrong.error, plain(400, wrong.error));
  const thread = toText(payload.thread_ts);
  const draft = {
    payload,
    texts: readTexts(payload),
    id: `webhook-${archive.nextNumber()}`,
    ...(thread !== "" && { thread, isRoot: false }),
    pings: findPings(payload),
  };
  return { result: "posted", answer: plain(200, "ok"), draft };
}
