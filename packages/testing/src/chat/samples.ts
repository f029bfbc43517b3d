import { type PostedAnswer, type PostOptions, postJson } from "./post-json.ts";
import type { ChatKind, ChatSimulator } from "./types.ts";

const card = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: "Hello", wrap: true }] };

/** The smallest message each service shows. Its text is "Hello". */
export const samples = {
  slack: { text: "Hello" },
  discord: { content: "Hello" },
  teams: {
    type: "message",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: card }],
  },
  mattermost: { text: "Hello" },
  rocketchat: { text: "Hello" },
  googlechat: { text: "Hello" },
  zulip: { type: "stream", to: "general", topic: "greetings", content: "Hello" },
  telegram: { chat_id: "-1001234567890", text: "Hello" },
  flowdock: {
    flow_token: "simulated-flow-token",
    event: "discussion",
    author: { name: "Ada" },
    title: "Hello",
    external_thread_id: "7",
    thread: { title: "Seven" },
  },
} satisfies Record<ChatKind, Record<string, unknown>>;

/** Posts to a simulator as its kind wants it: address, encoding and credentials. */
export function postTo(simulator: ChatSimulator, message: object, options: PostOptions = {}): Promise<PostedAnswer> {
  const { url = "", apiUrl = "", token = "", email = "", apiKey = "" } = simulator.target;
  if (simulator.kind === "telegram") return postJson(`${apiUrl}/bot${token}/sendMessage`, message, options);
  if (simulator.kind !== "zulip") return postJson(url, message, options);
  const authorization = `Basic ${Buffer.from(`${email}:${apiKey}`).toString("base64")}`;
  const form = new URLSearchParams(Object.entries(message));
  return postJson(`${url}/api/v1/messages`, form, { ...options, headers: { authorization, ...options.headers } });
}
