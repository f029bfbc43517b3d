import { json, plain } from "../answers.ts";
import type { ChatService, ServiceOptions } from "../service.ts";
import { failure, handleWebApi, type Workspace } from "./web-api.ts";
import { handleWebhook, WEBHOOK_PATH } from "./webhook.ts";

const CHANNEL = "C0000000001";
const TOKEN = "xoxb-simulated-bot-token";

/** Slack: an incoming webhook and the Web API, both in one channel. */
export function createSlack({ token = TOKEN }: ServiceOptions): ChatService {
  const workspace = { token, channel: CHANNEL, nextTs: createClock() } satisfies Workspace;
  return {
    toTarget: (baseUrl) => ({ url: `${baseUrl}${WEBHOOK_PATH}` }),
    toBotTarget: (baseUrl) => ({ apiUrl: `${baseUrl}/api`, token, channel: CHANNEL }),
    secrets: [token, WEBHOOK_PATH],
    // docs.slack.dev, "Rate limits": one message per second per channel.
    rate: { count: 1, perMs: 1_000 },
    handle: (call, archive) =>
      isWebApi(call.path) ? handleWebApi(call, archive, workspace) : handleWebhook(call, archive, CHANNEL),
    toRateLimited: (call, seconds) => {
      const headers = { "retry-after": String(Math.ceil(seconds)) };
      return isWebApi(call.path)
        ? json(429, { ok: false, error: "ratelimited" }, headers)
        : plain(429, "rate_limited", headers);
    },
    toGone: (call) => (isWebApi(call.path) ? failure({ error: "is_archived" }) : plain(410, "channel_is_archived")),
  };
}

function isWebApi(path: string): boolean {
  return path.startsWith("/api/");
}

/** Gives `ts` values that always rise, also when the time of the test stands still. */
function createClock(): (at: number) => string {
  let seconds = 0;
  let count = 99;
  return (at) => {
    seconds = Math.max(seconds, Math.floor(at / 1_000));
    count += 1;
    return `${seconds}.${String(count).padStart(6, "0")}`;
  };
}
