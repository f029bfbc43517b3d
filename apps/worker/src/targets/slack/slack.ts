import { toJsonRequest } from "../json.ts";
import type { Target, TargetContext, TargetKind, TargetOptionsOf } from "../target.ts";
import { readBotAnswer, readWebhookAnswer } from "./answer.ts";
import { renderSlack } from "./render.ts";

const DEFAULT_API_URL = "https://slack.com/api";
/** Links in a digest would each bring a preview. */
const quiet = { unfurl_links: false, unfurl_media: false };

type Options = TargetOptionsOf<"slack">;
type Base = Pick<Target, "name" | "kind" | "isFromRequest" | "limits">;

/** Slack: an incoming webhook, or a bot, which can also answer in threads. */
export const slackKind: TargetKind<"slack"> = {
  kind: "slack",
  // docs.slack.dev, "Rate limits": one message per second per channel.
  defaults: { intervalMs: 1000, maxInFlight: 1 },
  create(options, context) {
    const base = toBase(context);
    const { url, token, channel } = options;
    if (url !== undefined && token === undefined && channel === undefined) return createWebhook(base, url, options);
    if (url === undefined && token !== undefined && channel !== undefined) {
      return createBot(base, { ...options, token, channel });
    }
    const isBoth = url !== undefined;
    throw new Error(`slack takes url, or token and channel${isBoth ? ": one of the two ways, not both" : ""}`);
  },
};

function toBase({ name, isFromRequest, limits }: TargetContext): Base {
  return { name, kind: "slack", isFromRequest, limits };
}

function createWebhook(base: Base, url: string, { headers }: Options): Target {
  return {
    ...base,
    threading: "none",
    toRequest: ({ message }) =>
      toJsonRequest({ url: new URL(url), payload: { ...renderSlack(message), ...quiet }, configured: headers }),
    read: readWebhookAnswer,
  };
}

function createBot(
  base: Base,
  { token, channel, apiUrl, headers }: Options & { token: string; channel: string },
): Target {
  const api = (apiUrl ?? DEFAULT_API_URL).replace(/(?<!\/)\/*$/, "/");
  const own = { authorization: `Bearer ${token}` };
  const call = (method: string, payload: object) =>
    toJsonRequest({ url: new URL(method, api), payload: { channel, ...payload }, configured: headers, own });
  return {
    ...base,
    threading: "rooted",
    toRequest: ({ message }, { place }) => {
      const thread = place.role === "reply" ? { thread_ts: place.ref } : {};
      return call("chat.postMessage", { ...renderSlack(message), ...quiet, ...thread });
    },
    toRootUpdate: (root, latest, ref) => {
      return call("chat.update", { ts: ref, ...renderSlack(root.message, latest.message) });
    },
    read: readBotAnswer,
  };
}
