import { toJsonRequest } from "../json.ts";
import type { Place, TargetKind } from "../target.ts";
import { readTelegramAnswer } from "./answer.ts";
import { renderTelegram } from "./render.ts";

const DEFAULT_API_URL = "https://api.telegram.org";
/** A digest's links would bring a preview of the first. */
const format = { parse_mode: "HTML", link_preview_options: { is_disabled: true } };

/** Telegram: a bot in a chat or in a topic of it; a thread is a message and what answers it. */
export const telegramKind: TargetKind<"telegram"> = {
  kind: "telegram",
  // core.telegram.org/bots/faq: one message a second in a chat, and in a group 20 a minute; 3 s keeps within both.
  defaults: { intervalMs: 3000, maxInFlight: 1 },
  create({ token, chatId, messageThreadId, apiUrl, headers }, { name, isFromRequest, limits }) {
    const api = (apiUrl ?? DEFAULT_API_URL).replace(/(?<!\/)\/*$/, "");
    const call = (method: string, payload: object) => {
      const url = new URL(`${api}/bot${encodeURIComponent(token).replaceAll("%3A", ":")}/${method}`);
      return toJsonRequest({ url, payload: { chat_id: chatId, ...format, ...payload }, configured: headers });
    };
    const topic = messageThreadId === undefined ? {} : { message_thread_id: messageThreadId };
    return {
      name,
      kind: "telegram",
      isFromRequest,
      limits,
      threading: "rooted",
      toRequest: ({ message }, { place }) =>
        call("sendMessage", { text: renderTelegram(message), ...topic, ...toReply(place) }),
      toRootUpdate: (root, latest, ref) => {
        const text = renderTelegram(root.message, latest.message);
        return call("editMessageText", { message_id: Number(ref), text });
      },
      read: (answer) => readTelegramAnswer(answer, token),
    };
  },
};

/** When the root was deleted meanwhile, the message is posted all the same. */
function toReply(place: Place): object {
  if (place.role !== "reply") return {};
  return { reply_parameters: { message_id: Number(place.ref), allow_sending_without_reply: true } };
}
