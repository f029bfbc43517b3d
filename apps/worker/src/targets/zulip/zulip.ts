import { parseRetryAfterMs } from "@hookline/runtime";
import { mergeHeaders } from "../headers.ts";
import { parseObject } from "../json.ts";
import type { Answer, Outgoing, Place, Reading, TargetKind } from "../target.ts";
import { renderZulip } from "./render.ts";
import { toTopic, toTopicText } from "./topic.ts";

const DEFAULT_TOPIC = "hookline";
/** ms to wait when Zulip does not say for how long: it counts by the minute. */
const RATE_LIMIT_MS = 60_000;
const GONE = ["USER_DEACTIVATED", "REALM_DEACTIVATED"];

/** Zulip: a bot that posts to a channel, whose topics are the threads. */
export const zulipKind: TargetKind<"zulip"> = {
  kind: "zulip",
  // zulip.com/api/rest-error-handling: 200 requests a minute for a user.
  defaults: { intervalMs: 300, maxInFlight: 4 },
  create(options, { name, isFromRequest, limits }) {
    const { email, apiKey, stream } = options;
    const url = new URL("api/v1/messages", options.url.replace(/(?<!\/)\/*$/, "/"));
    const alone = toTopicText(options.topic ?? "") || DEFAULT_TOPIC;
    const headers = mergeHeaders(options.headers, {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${Buffer.from(`${email}:${apiKey}`).toString("base64")}`,
    });
    return {
      name,
      kind: "zulip",
      isFromRequest,
      limits,
      threading: "rooted",
      toRequest: (outgoing, { place }) => {
        const topic = choose(outgoing, place) ?? alone;
        const form = { type: "stream", to: stream, topic, content: renderZulip(outgoing.message) };
        return { url, headers, body: Buffer.from(new URLSearchParams(form).toString()) };
      },
      toThreadRef: (outgoing) => toTopic(outgoing) ?? alone,
      read,
    };
  },
};

// A thread's label may change: what the day's first message was posted to stays.
function choose(outgoing: Outgoing, place: Place): string | undefined {
  switch (place.role) {
    case "alone":
      return undefined;
    case "root":
      return toTopic(outgoing);
    case "reply":
      return place.ref;
  }
}

/** `{"result": "success"}` or an error with a code; the wait of a rate limit is a float in seconds. */
function read({ status, headers, body }: Answer): Reading | undefined {
  const { result, code, ...rest } = parseObject(body) ?? {};
  if (result === "success") return { kind: "delivered" };
  if (result !== "error") {
    const isTaken = status >= 200 && status < 300;
    return isTaken ? { kind: "refused", detail: "the answer is not Zulip's" } : undefined;
  }
  if (code === "RATE_LIMIT_HIT") return { kind: "retry_later", waitMs: toWaitMs(rest, headers) };
  if (status >= 500 || typeof code !== "string" || !/^[A-Z_]{1,60}$/.test(code)) return undefined;
  return { kind: GONE.includes(code) ? "gone" : "refused", detail: `zulip answered ${status} ${code}` };
}

function toWaitMs(members: Readonly<Record<string, unknown>>, headers: Answer["headers"]): number {
  const seconds = members["retry-after"];
  const told = typeof seconds === "number" && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
  return told ?? parseRetryAfterMs(headers["retry-after"]) ?? RATE_LIMIT_MS;
}
